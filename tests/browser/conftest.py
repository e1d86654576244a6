"""A served product with a login for every role, and a browser; once a test process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from chromium import started
from databases import point_at
from django.db import connections
from logins import tokens
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from serving import Product, served

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role


@contextmanager
def rows_of(url: str, blocker: Any) -> Iterator[None]:
    """Read and write the rows of a database that commits."""
    before = dict(connections.databases["default"])
    with blocker.unblock():
        point_at(url)
        try:
            yield
        finally:
            connections.close_all()
            connections.databases["default"].update(before)


@pytest.fixture(scope="session")
def product(
    cluster: Cluster,
    template_database: str,
    key_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Product]:
    """The product, served from a database of its own in which every role has a login."""
    cluster.create_database("browser", template_database)
    url = cluster.url(Role.APP, "browser")
    with rows_of(url, django_db_blocker):
        given = tokens()
    with served(url, key_file, tmp_path_factory.mktemp("served")) as address:
        yield Product(address, given, url)


@pytest.fixture(scope="session")
def rows(product: Product, django_db_blocker: Any) -> Callable[[], AbstractContextManager[None]]:
    """The rows of the served product, within `with rows():`."""
    return lambda: rows_of(product.database, django_db_blocker)


@pytest.fixture(scope="session")
def address(product: Product) -> str:
    """The address of the product."""
    return product.address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers of this test process: it cannot be started twice in one thread."""
    # Playwright leaves an event loop running in this thread, in which Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium of this test process."""
    with started(playwright, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def phone(product: Product, browser: Browser) -> Iterator[BrowserContext]:
    """The narrowest phone."""
    context = browser.new_context(
        base_url=product.address, viewport={"width": 320, "height": 640}, locale="zh-CN"
    )
    yield context
    context.close()


@pytest.fixture
def plain(product: Product, browser: Browser) -> Iterator[BrowserContext]:
    """A phone without JavaScript."""
    context = browser.new_context(base_url=product.address, java_script_enabled=False, locale="zh-CN")
    yield context
    context.close()
