"""A served product and a browser, once a test process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import started
from playwright.sync_api import Browser, BrowserContext
from serving import served

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role


@pytest.fixture(scope="session")
def address(
    cluster: Cluster, template_database: str, key_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the product, served from a database of its own."""
    cluster.create_database("browser", template_database)
    with served(cluster.url(Role.APP, "browser"), key_file, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium of this test process."""
    # Playwright leaves an event loop running in this thread, in which Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with started(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """The narrowest phone."""
    context = browser.new_context(base_url=address, viewport={"width": 320, "height": 640}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A phone without JavaScript."""
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="zh-CN")
    yield context
    context.close()
