"""Every answer carries the policies, no template carries code, no forged form gets through, no link leads away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from actors import Town
from addresses import routes
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from refusals import brief_refusals

from lastmetre.ground.protection.public import public
from lastmetre.web import urls

PACKAGE = Path(__file__).parents[2] / "lastmetre"
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "https:evil.example",
)
OWN = "/?asked=here"
"""A place of ours: only an address that leads where it is asked to can be led astray."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


# Templates


def code_in(template: str) -> list[str]:
    """Find what a content security policy would forbid: inline scripts, styles, handlers."""
    plain = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", template, flags=re.DOTALL)
    found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", plain)
    found += re.findall(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", plain)
    return found + re.findall(r"\b(?:src|href|action)=[\"'](?:https?:)?//[^\"']*", plain)


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        '<p style="color:red">',
        '<button onclick="go()">',
        "<style>p{}</style>",
        '<a href="javascript:go()">',
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//cdn.example/x.png">',
    ],
)
def test_planted_code_in_a_template_is_found(planted: str) -> None:
    assert code_in(planted)


def test_no_template_carries_code_or_asks_others() -> None:
    assert not code_in('<script src="/static/x.js" defer></script><a href="/journal" data-on="x">')
    templates = sorted(PACKAGE.rglob("*.html"))
    assert templates
    assert [
        (one.name, found) for one in templates if (found := code_in(one.read_text(encoding="utf-8")))
    ] == []


# Answers


@pytest.fixture
def administrator(town: Town, sign_in: Callable[..., Any]) -> Client:
    client = Client(raise_request_exception=False)
    sign_in(client, role="administrator", place=town.place["二七区"])
    return client


def known_ids(town: Town) -> dict[str, Any]:
    """Ids that most pages know, so that pages and not only refusals are looked at."""
    return {"pk": town.place["开元丽城"].pk, "place": town.place["开元丽城"].pk}


def addresses(town: Town, below: str = "", *, also_unknown: bool = False) -> Iterator[str]:
    known = known_ids(town)
    for route in (one for one in routes() if one.pattern.startswith(below)):
        strange = [uuid4()] if also_unknown else []
        yield from route.filled({name: [known.get(name, uuid4()), *strange] for name in route.ids})


def ask(client: Client, method: str, address: str, **values: Any) -> HttpResponse:
    """Send a request as who is signed in, and take back what it did."""
    token = client.cookies[settings.DEVICE_COOKIE].value if settings.DEVICE_COOKIE in client.cookies else ""
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method)(address, values)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies[settings.DEVICE_COOKIE] = token
    return answer


def lacking(address: str, answer: HttpResponse) -> Iterator[str]:
    """Find headers that an answer lacks, and code of others that a page fetches."""
    for name, value in HEADERS.items():
        if answer.get(name) != value:
            yield f"{address}: {name} is {answer.get(name)}"
    if "no-store" not in answer.get("Cache-Control", "") and "/api/openapi" not in address:
        yield f"{address}: may be kept by a shared phone"
    if answer.get("Content-Type", "").startswith("text/html"):
        # Pages that scan run the decoder's WebAssembly, and still no code from strings.
        policy = answer.get("Content-Security-Policy", "").replace(" 'wasm-unsafe-eval'", "")
        if "script-src 'self'" not in policy or "unsafe" in policy:
            yield f"{address}: policy is {policy!r}"
        yield from (f"{address}: {one}" for one in code_in(answer.content.decode()))


@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_carries_the_policies(town: Town, administrator: Client, signed_in: bool) -> None:
    client = administrator if signed_in else Client(raise_request_exception=False)
    with brief_refusals():
        faults = [
            fault
            for address in addresses(town, also_unknown=True)
            for fault in lacking(address, ask(client, "get", address))
        ]
    assert faults == []


def test_what_is_not_there_has_a_page_with_the_policies(administrator: Client) -> None:
    answer = ask(administrator, "get", f"/places/{uuid4()}/")
    assert answer.status_code == 404
    assert "<main" in answer.content.decode()
    assert list(lacking("nothing", answer)) == []


# Forged forms


def unguarded(town: Town, client: Client, below: str = "") -> Iterator[str]:
    """Find addresses that take a form without its token."""
    forger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    forger.cookies = client.cookies
    for address in addresses(town, below):
        # Pages take GET and POST only; anything else is refused by the same guard.
        for method in ("post", "put", "patch", "delete") if address.startswith("/api/") else ("post",):
            answer = ask(forger, method, address)
            if answer.status_code not in (403, 405):
                yield f"{method} {address}: {answer.status_code}"


def test_no_address_takes_a_forged_form(town: Town, administrator: Client) -> None:
    with brief_refusals():
        found = [fault for fault in unguarded(town, administrator) if " /api/nothing" not in fault]
    assert [fault for fault in found if not fault.endswith(("/api/: 404", *BY_PASS))] == []


BY_PASS = ("/api/doorstep/events/late: 401", "/api/doorstep/photos/late: 401")
"""They take a pass in a header and no cookie: nothing that a browser would add to a forged form."""


@public
@csrf_exempt
def careless(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        request.POST.get("next", ""), status=302, headers={"Location": request.POST.get("next", "/")}
    )


class Planted:
    urlpatterns = [path("careless", careless), *urls.urlpatterns]
    handler400, handler403, handler404, handler500 = (
        urls.handler400,
        urls.handler403,
        urls.handler404,
        urls.handler500,
    )


def test_a_page_without_the_guard_or_with_an_open_redirect_is_found(
    town: Town, administrator: Client
) -> None:
    with override_settings(ROOT_URLCONF=Planted):
        assert "post /careless: 302" in list(unguarded(town, administrator, "careless"))
        assert any(fault.startswith("post /careless") for fault in leading_away(administrator, "careless"))


# Redirects


def leading_away(client: Client, below: str = "") -> Iterator[str]:
    """Find addresses that send a visitor to somebody else's server."""
    for route in routes():
        if route.ids or not route.pattern.startswith(below):
            continue
        for address in route.filled({}):
            for method in ("get", "post"):
                if OWN in _location(client, method, address, OWN):
                    yield from _led_astray(client, method, address)


def _led_astray(client: Client, method: str, address: str) -> Iterator[str]:
    for evil in EVIL:
        location = _location(client, method, address, evil)
        if _leads_away(location):
            yield f"{method} {address}: to {location}"


def _location(client: Client, method: str, address: str, where: str) -> str:
    answer = ask(client, method, address, next=where, language="en", theme="dark", back=where)
    return answer.get("Location", "") or answer.get("HX-Redirect", "")


def _leads_away(location: str) -> bool:
    return bool(location) and not re.match(r"^(/(?![/\\])|\?|#|$)", location)


@pytest.mark.parametrize("signed_in", [True, False])
def test_no_address_sends_a_visitor_elsewhere(administrator: Client, signed_in: bool) -> None:
    client = administrator if signed_in else Client(raise_request_exception=False)
    assert OWN in _location(client, "post", "/language", OWN), "some lead where they are asked to"
    assert list(leading_away(client)) == []
