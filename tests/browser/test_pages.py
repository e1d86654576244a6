"""Every page that a role can reach is accessible, fits the narrowest phone, and complains of nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from chromium import axe_violations, complaints, sideways
from logins import ROLES
from playwright.sync_api import Browser, Page
from serving import Product
from walking import Visit, kind_of, plain_routes, walk

pytestmark = pytest.mark.xdist_group("browser")


@dataclass
class Walks:
    """What was seen on walks so far; a page that many roles share is examined once."""

    examined: set[tuple[str, str]] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def walks() -> Walks:
    return Walks()


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible_at_320_px_and_run_without_complaint(
    product: Product, browser: Browser, walks: Walks, role: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="zh-CN")
    context.add_cookies(product.cookies(role))
    found: list[str] = []

    def look(page: Page, visit: Visit) -> None:
        walks.reached.add(visit.route)
        if visit.status >= 400 and not visit.path.startswith("/styleguide/error/"):
            found.append(f"{visit.path}: {visit.status}")
        if kind_of(visit) not in walks.examined:
            walks.examined.add(kind_of(visit))
            found.extend(f"{visit.path}: {fault}" for fault in [*axe_violations(page), *sideways(page)])

    said: list[list[str]] = []
    context.on("page", lambda page: said.append(complaints(page)))
    visits = list(walk(context, product.address, role, look))
    context.close()
    assert visits
    assert found == []
    assert [
        line for lines in said for line in lines if "the server responded with a status" not in line
    ] == []


def test_every_page_without_a_value_in_its_address_is_linked_from_somewhere(
    product: Product, browser: Browser, walks: Walks
) -> None:
    context = browser.new_context()
    context.add_cookies(product.cookies("administrator"))
    lonely = []
    for path in plain_routes():
        if path.removeprefix("/") in walks.reached:
            continue
        answer = context.request.get(product.address + path, max_redirects=0)
        if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
            lonely.append(path)
    context.close()
    assert lonely == []
