"""A served product with a login for every role, and a browser; once a test process."""

from __future__ import annotations

import os
from collections.abc import Iterator
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
    before = dict(connections.databases["default"])
    with django_db_blocker.unblock():
        point_at(url)
        given = tokens()
        connections.close_all()
    connections.databases["default"].update(before)
    with served(url, key_file, tmp_path_factory.mktemp("served")) as address:
        yield Product(address, given)


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
