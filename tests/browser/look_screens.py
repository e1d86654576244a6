"""`make look`: every page in light, dark and care mode at three widths; pictures lie in out/look/.

`PAGES=REGEX make look` looks only at pages whose address and role (`/orders/... liaison`) hold the expression.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from chromium import axe_violations, sideways
from lighthouse_runs import WANTED, best_scores
from logins import ROLES
from playwright.sync_api import Browser
from serving import Product
from walking import Examined, Visit, walk

OUT = Path(__file__).parents[2] / "out/look"
LOOKS = {"light": {"lm-theme": "light"}, "dark": {"lm-theme": "dark"}, "care": {"lm-care": "1"}}
WIDTHS = (320, 390, 1366)
EXAMPLES = 3
"""Of addresses of one pattern so many are visited: a district's page looks otherwise than a building's."""
DOUBLE_TEXT = "document.documentElement.style.fontSize = '200%'"


def name_of(visit: Visit) -> str:
    """Return a page's name for its picture."""
    return re.sub(r"\W+", "-", visit.route).strip("-") or "first"


@pytest.fixture(scope="module")
def visits(product: Product) -> list[Visit]:
    """One page of every kind, each as the first role that reaches it."""
    shutil.rmtree(OUT, ignore_errors=True)
    examined = Examined()
    walked = [walk(product.address, product.cookie_line(role), role, examples=EXAMPLES) for role in ROLES]
    new = [visit for visits in walked for visit in visits if examined.is_new(visit)]
    return [visit for visit in new if re.search(os.environ.get("PAGES", ""), f"{visit.path} {visit.role}")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_in_every_look(
    product: Product, browser: Browser, visits: list[Visit], look: str, width: int
) -> None:
    found = []
    for number, visit in enumerate(visits):
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        context.add_cookies(product.cookies(visit.role, **LOOKS[look]))
        page = context.new_page()
        page.goto(product.address + visit.path, wait_until="networkidle")
        picture = OUT / f"{look}-{width}" / f"{number:03} {visit.role} {name_of(visit)}.png"
        page.screenshot(path=picture, full_page=True)
        faults = [*axe_violations(page), *sideways(page)]
        if width == 390:
            page.evaluate(DOUBLE_TEXT)
            faults += [f"text doubled: {fault}" for fault in sideways(page)]
        found += [f"{visit.path} ({visit.role}): {fault}" for fault in faults]
        context.close()
    print(f"{look}, {width} px: {len(visits)} pages, {len(found)} faults", *found, sep="\n  ")
    assert found == []


@pytest.mark.parametrize("role", ROLES)
def test_first_pages_satisfy_lighthouse(product: Product, tmp_path: Path, role: str) -> None:
    scores = best_scores(f"{product.address}/", product.cookie_line(role), tmp_path)
    print(role, {name: round(points * 100) for name, points in scores.points.items()})
    assert scores.enough, f"wanted {WANTED}, got {scores.points}: {scores.wanting}"
