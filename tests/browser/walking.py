"""Walks all pages by their links, so that a new page is checked without anyone remembering it."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from serving import PATIENCE_S

from lastmetre.web.api.later import later

STARTS = FIRST_PAGE, STYLEGUIDE = "/", "/styleguide/"
NOT_PAGES = ("api", "static")
"""First parts of addresses that answer no page."""
COMPONENTS = frozenset(
    "alert beside card columns empty facts filters form four giant map masked pager qr rows stats steps "
    "table tabs timeline".split()
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that a role reached by links."""

    role: str
    route: str
    """The pattern of its address, which stands for all addresses of the same kind."""
    path: str
    status: int
    parts: frozenset[str]
    """Which components it is made of."""


@dataclass
class Reader(HTMLParser):
    """Reads the links and components of a page."""

    links: list[str] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    is_inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.is_inside = self.is_inside or tag == "main"
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if self.is_inside:
            self.parts.update(COMPONENTS.intersection((given.get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.is_inside = False


@dataclass
class Examined:
    """Which components were examined on pages of which pattern; the rest would show nothing new."""

    parts: dict[str, set[str]] = field(default_factory=dict)

    def is_new(self, visit: Visit) -> bool:
        """Tell whether a page is the first of its pattern or has a component that none of them had."""
        known = self.parts.get(visit.route)
        new = known is None or not visit.parts <= known
        self.parts.setdefault(visit.route, set()).update(visit.parts)
        return new


def route_of(path: str) -> str | None:
    """Return the pattern that an address belongs to, None where it is no page of ours."""
    if path.split("/")[1] in NOT_PAGES:
        return None
    try:
        return str(resolve(path.partition("?")[0]).route)
    except Resolver404:
        return None


def fetched(url: str, cookies: str) -> tuple[int, str, str]:
    """Return status, final address and text of a page ("" where it is none)."""
    request = urllib.request.Request(url, headers={"Cookie": cookies, "Accept-Language": "zh-CN"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            is_page = answer.headers.get_content_type() == "text/html"
            return answer.status, answer.url, answer.read().decode() if is_page else ""
    except urllib.error.HTTPError as error:
        is_page = error.headers.get_content_type() == "text/html"
        return error.code, url, error.read().decode() if is_page else ""


def walk(
    address: str, cookies: str, role: str, *, examples: int = 1, starts: Sequence[str] = STARTS
) -> Iterator[Visit]:
    """Visit so many pages of every pattern that links lead to from the first page."""
    waiting = list(starts)
    seen: set[str] = set()
    visited: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        route = route_of(path)
        if route is None or path in seen or visited[route] >= (examples if "<" in route else 1):
            continue
        seen.add(path)
        visited[route] += 1
        status, url, text = fetched(address + path, cookies)
        if not text:
            continue
        landed = url.removeprefix(address)
        seen.add(landed)
        reader = Reader()
        reader.feed(text)
        yield Visit(role, route_of(landed) or route, landed, status, frozenset(reader.parts))
        for link in reader.links:
            parts = urlsplit(urljoin(url, link))
            if f"{parts.scheme}://{parts.netloc}" == address:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def plain_routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Yield the address of every pattern of the URL conf that asks for no value."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from plain_routes(one.url_patterns, route)
        elif "<" not in route and one.callback is not later and route.split("/")[0] not in NOT_PAGES:
            yield f"/{route}"
