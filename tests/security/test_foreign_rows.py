"""Every role x every address x foreign ids: 0 foreign rows (trust.md 12)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from actors import Town, build_town
from addresses import Route, body, routes
from classified_rows import COMMON
from databases import point_at
from django.conf import settings
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from refusals import brief_refusals
from strangers import PLAIN, SIGN, Strangers, forbidden, strangers
from town_logins import HIGH, NOBODY, logins

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.people.catalogue import CATALOGUE, VOLUNTEER
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.public import public
from lastmetre.ground.protection.scope import acting_as
from lastmetre.web import urls
from lastmetre.web.api.root import api as real_api

SENTINEL = re.compile(rf"{SIGN}[NS]\d{{3,}}|{PLAIN}[ns]\d{{3,}}")
ROLES = [NOBODY, *(role.code for role in CATALOGUE if role.code != VOLUNTEER)]
WALKED = ROLES if os.environ.get("ROLES") == "all" else ["household", "building_head", "supplier_clerk"]
"""`make faults` walks as every role; `make test` as one of each kind of sight: door, building, firm."""
REFUSED = {302, 400, 401, 403, 404, 405, 422}
CLOSED = {401, 403, 404, 405}
"""Refused whatever is asked for."""
METHODS = ("get", "post")
Ask = Callable[..., HttpResponse]


@dataclass
class Walk:
    """The town with its strangers, and each role's token."""

    town: Town
    nobodys: Strangers
    siblings: Strangers
    tokens: dict[str, str]

    def asker(self, role: str) -> Ask:
        """Return who asks as a role: `ask("get", address, q=...)`; what a request does is taken back."""
        client = Client(raise_request_exception=False)

        def ask(method: str, address: str, sent: Any = None, **values: str) -> HttpResponse:
            client.cookies.clear()  # signing out took it away
            if self.tokens[role]:
                client.cookies[settings.DEVICE_COOKIE] = self.tokens[role]
            with transaction.atomic():
                kind = {} if sent is None else {"content_type": "application/json"}
                answer: HttpResponse = getattr(client, method)(
                    address, values if sent is None else sent, **kind
                )
                if getattr(answer, "streaming", False):
                    answer.content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
                transaction.set_rollback(True)
            return answer

        return ask

    def foreign(self, role: str) -> Strangers:
        """Return the nearest rows that a role may not see."""
        return self.nobodys if role in HIGH else self.siblings

    def hidden(self, role: str) -> dict[str, str]:
        """Return the sentinels that a role may not see."""
        hidden = forbidden(self.nobodys)
        return hidden if role in HIGH else hidden | forbidden(self.siblings)


@pytest.fixture(scope="module")
def walk(cluster: Cluster, template_database: str, django_db_blocker: Any) -> Iterator[Walk]:
    """A database of this module; every request to it is taken back."""
    cluster.create_database("strangers", template_database)
    before = dict(connections.databases["default"])
    with django_db_blocker.unblock():
        point_at(cluster.url(Role.APP, "strangers"))
        town = build_town()
        nobodys, siblings = strangers(town)
        yield Walk(town, nobodys, siblings, logins(town))
        connections.close_all()
    connections.databases["default"].update(before)
    connection.settings_dict = connections.databases["default"]


def seen(answer: HttpResponse, hidden: dict[str, str]) -> list[str]:
    """Return which hidden fields an answer shows; workbooks and other archives are unpacked."""
    return sorted({hidden[text] for text in SENTINEL.findall(text_of(answer)) if text in hidden})


def text_of(answer: HttpResponse) -> str:
    body = answer.content
    if body.startswith(b"PK"):
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace") + str(answer.headers)


def faults(walk: Walk, role: str, below: str = "") -> Iterator[str]:
    """Ask for everything as a role; yield what it should not have got."""
    ask, hidden = walk.asker(role), walk.hidden(role)
    own = walk.foreign(role)
    for route in routes():
        for method in METHODS if route.pattern.startswith(below) else ():
            yield from (f"{method} {fault}" for fault in _of_route(ask, method, route, own, hidden))


def _of_route(ask: Ask, method: str, route: Route, own: Strangers, hidden: dict[str, str]) -> Iterator[str]:
    if not route.ids:
        yield from _of_page(ask, method, route, own, hidden)
        return
    is_call = route.pattern.startswith("api/") and method == "post"
    sent = body(real_api.document, route.pattern, method, own.compound.pk) if is_call else None
    strange = {name: ids_of(models, own) for name, models in route.models().items()}
    missing = {name: [uuid4()] for name in route.ids}
    expected = {ask(method, address, sent).status_code for address in route.filled(missing)}
    if expected == {405}:
        return  # refused before any row is looked for
    for address in route.filled(strange):
        answer = ask(method, address, sent)
        yield from _judged(address, answer, hidden)
        if answer.status_code not in REFUSED:
            yield f"{address}: {answer.status_code} for a foreign id"
        elif answer.status_code not in expected:
            yield f"{address}: {answer.status_code} for a foreign id, {expected} for a missing one"


def _of_page(ask: Ask, method: str, route: Route, own: Strangers, hidden: dict[str, str]) -> Iterator[str]:
    """Ask for what has no id in its address; where it is to be had by GET, also for foreign words."""
    name = next(text for text, of in own.texts.items() if of == "places.Household.name")
    for address in route.filled({}):
        answer = ask(method, address)
        yield from _judged(address, answer, hidden)
        if method == "post" or answer.status_code in CLOSED:
            continue
        for words in (name, f"{own.sign}1"):
            # A page may repeat what was asked for.
            others = {text: of for text, of in hidden.items() if text != words}
            yield from _judged(address, ask(method, address, q=words), others)


def ids_of(models: list[Any], own: Strangers) -> list[UUID]:
    """Return the ids of foreign rows of the models, without those that everybody may read."""
    labels = {model._meta.label for model in models} - COMMON.keys()
    found = [row.pk for label in sorted(labels) if isinstance((row := own.rows.get(label)) and row.pk, UUID)]
    return [*found, *([own.compound.pk, own.door.pk] if "places.Place" in labels else [])]


def _judged(address: str, answer: HttpResponse, hidden: dict[str, str]) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{address}: {answer.status_code}"
    for field in seen(answer, hidden):
        yield f"{address}: shows {field}"


@pytest.mark.parametrize("role", WALKED)
def test_no_role_sees_a_foreign_row_anywhere(walk: Walk, role: str) -> None:
    with brief_refusals():
        assert list(faults(walk, role)) == []


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_pages_of_its_own(walk: Walk, role: str) -> None:
    answer = walk.asker(role)("get", "/")
    assert answer.status_code == (200 if role != NOBODY else answer.status_code)
    assert not seen(answer, walk.hidden(role))


@pytest.mark.parametrize("role", [role for role in ROLES if role != NOBODY])
def test_the_page_for_what_is_foreign_shows_nothing_of_it(walk: Walk, role: str) -> None:
    answer = walk.asker(role)("get", f"/places/{walk.foreign(role).compound.pk}/")
    assert answer.status_code == 404
    assert not seen(answer, walk.hidden(role))


def test_who_is_not_signed_in_is_sent_to_the_door(walk: Walk) -> None:
    ask = walk.asker(NOBODY)
    open_doors = []
    for route in routes():
        for address in route.filled({name: [uuid4()] for name in route.ids}):
            answer = ask("get", address)
            at_door = answer.status_code == 302 and answer["Location"].startswith("/sign-in")
            if not at_door and answer.status_code not in (401, 404, 405):
                open_doors.append(route.pattern)
    assert sorted(set(open_doors)) == sorted(PUBLIC)


PUBLIC = [
    "api/openapi.json",
    "api/status",
    "card",
    "doorstep/worker.js",
    "h/<str:token>",
    "invite/<str:token>",
    "language",
    "sign-in",
    "v/<str:token>",
]
"""Pages that nobody need sign in for: each is looked at here when it is added."""


# Planted holes


@public
def leaking(request: HttpRequest, household: UUID) -> HttpResponse:
    """A page that forgot whose rows it shows."""
    with acting_as(SYSTEM):
        return HttpResponse(Household.objects.get(pk=household).name)


class Planted:
    urlpatterns = [path("leak/<uuid:household>", leaking), *urls.urlpatterns]
    handler400, handler403, handler404, handler500 = (
        urls.handler400,
        urls.handler403,
        urls.handler404,
        urls.handler500,
    )


def test_a_page_that_leaks_is_found(walk: Walk) -> None:
    with override_settings(ROOT_URLCONF=Planted):
        found = list(faults(walk, "liaison", "leak/"))
    assert any("shows places.Household.name" in fault for fault in found)
    assert any("200 for a foreign id" in fault for fault in found)


def test_rows_that_protect_nothing_are_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    from lastmetre.web import middleware

    real: Callable[..., Any] = middleware.acting_as
    monkeypatch.setattr(middleware, "acting_as", lambda actor: real(SYSTEM))
    found = list(faults(walk, "administrator", "places/"))
    assert any("for a foreign id" in fault for fault in found)
    assert any("shows places.Gate.name" in fault for fault in found)
