"""Walks all pages by their links, so that a new page is checked without anyone remembering it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import BrowserContext, Page

NOT_PAGES = ("api", "static")
"""First parts of addresses that answer no page."""
STARTS = ("/", "/styleguide/")
EXAMPLES = 3
"""Of addresses of one pattern so many are visited: a district's page looks otherwise than a building's."""
PARTS = """[...new Set([...document.querySelectorAll("main *")].map((one) => one.classList[0] ?? ""))].sort().join(" ")"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that a role reached by links."""

    role: str
    route: str
    """The pattern of its address, which stands for all addresses of the same kind."""
    path: str
    status: int
    parts: str
    """Which components it is made of."""


def kind_of(visit: Visit) -> tuple[str, str]:
    """Return what makes a page one of its own: its route, and the components that it is made of."""
    return visit.route, visit.parts


def route_of(path: str) -> str | None:
    """Return the pattern that an address belongs to, None where it is no page of ours."""
    if path.split("/")[1] in NOT_PAGES:
        return None
    try:
        return str(resolve(path.partition("?")[0]).route)
    except Resolver404:
        return None


def walk(
    context: BrowserContext, address: str, role: str, look: Callable[[Page, Visit], None]
) -> Iterator[Visit]:
    """Visit some pages of every pattern that links lead to from the first page, and look at each."""
    page = context.new_page()
    waiting = list(STARTS)
    seen: set[str] = set()
    visited: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        route = route_of(path)
        if route is None or path in seen or visited[route] >= (EXAMPLES if "<" in route else 1):
            continue
        seen.add(path)
        visited[route] += 1
        answer = page.request.get(address + path)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        loaded = page.goto(address + path)
        assert loaded is not None
        landed = page.url.removeprefix(address)
        visit = Visit(role, route_of(landed) or route, landed, loaded.status, page.evaluate(PARTS))
        seen.add(landed)
        look(page, visit)
        yield visit
        links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
        for link in links:
            parts = urlsplit(link)
            if link.startswith(address) and parts.path:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    page.close()


def plain_routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Yield the address of every pattern of the URL conf that asks for no value."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from plain_routes(one.url_patterns, route)
        elif "<" not in route and route.split("/")[0] not in NOT_PAGES:
            yield f"/{route}"
