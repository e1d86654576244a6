"""Every page that a role can reach is accessible, fits the narrowest phone, and complains of nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from chromium import axe_violations, complaints, sideways
from logins import NOBODY, ROLES
from playwright.sync_api import Browser, Page
from serving import Product
from walking import FIRST_PAGE, STARTS, Examined, Visit, fetched, plain_routes, walk

EXPECTED = "/styleguide/error/"
"""Pages that show what an error looks like."""


@dataclass
class Walks:
    """What was seen on walks so far; pages alike are examined once, whoever reaches them."""

    examined: Examined = field(default_factory=Examined)
    reached: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def walks() -> Walks:
    return Walks()


def powers(page: Page) -> list[str]:
    """Return numbers written as no grandmother writes them: 1.6E+2."""
    return re.findall(r"(?<![\w-])\d[\d.]*E\+\d+", page.content())


def faults(product: Product, browser: Browser, visits: list[Visit], role: str) -> list[str]:
    """Show pages at 320 px to axe, and list what is wrong with them."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="zh-CN")
    context.add_cookies(product.cookies(role))
    page, found = context.new_page(), []
    said = complaints(page)
    for visit in visits:
        said.clear()
        page.goto(product.address + visit.path)
        wrong = [
            *axe_violations(page),
            *sideways(page),
            *powers(page),
            *([] if EXPECTED in visit.path else said),
        ]
        found += [f"{visit.path}: {fault}" for fault in wrong]
    context.close()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible_at_320_px_and_no_link_leads_nowhere(
    product: Product, browser: Browser, walks: Walks, role: str
) -> None:
    starts = STARTS if role == NOBODY else (FIRST_PAGE,)  # components look the same to all
    visits = list(walk(product.address, product.cookie_line(role), role, starts=starts))
    walks.reached |= {visit.route for visit in visits}
    new = [visit for visit in visits if walks.examined.is_new(visit)]
    broken = [
        f"{visit.path}: {visit.status}"
        for visit in visits
        if visit.status >= 400 and EXPECTED not in visit.path
    ]
    wrong = [*broken, *faults(product, browser, new, role)]
    assert visits
    assert not wrong, "\n".join(wrong)


def test_every_page_without_a_value_in_its_address_is_linked_from_somewhere(
    product: Product, walks: Walks
) -> None:
    cookies = product.cookie_line("administrator")
    lonely = []
    for path in plain_routes():
        if path.removeprefix("/") not in walks.reached:
            status, url, text = fetched(product.address + path, cookies)
            lonely += [path] if status == 200 and text and url.endswith(path) else []
    assert lonely == []
