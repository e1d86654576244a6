"""The API answers in the caller's language, says what to do, and never shows how it is made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import DataError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from ninja import NinjaAPI, Schema

from lastmetre.ground.journal.actions import record
from lastmetre.ground.journal.models import AnsweredRequest, Entry
from lastmetre.ground.protection.actor import NOBODY, SYSTEM, Actor, ActorKind, Denied
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, page_of
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say
from lastmetre.web.api import problems
from lastmetre.web.api.callers import Cookie, Token
from lastmetre.web.api.once import once
from lastmetre.web.api.root import api as real_api

WORKER = Actor("worker", ActorKind.STAFF, sees=("d",))


class Order(Schema):
    door: UUID
    bags: int


class EntryOut(Schema):
    id: UUID
    verb: str


def write(verb: str, *, by: Actor = SYSTEM, kind: str = "places.place") -> None:
    with acting_as(SYSTEM) as now:
        record(verb, kind, by=by, at=now, path="d")


def small_api() -> NinjaAPI:
    """An API like the real one, with an operation for each thing that can happen."""
    api = NinjaAPI(auth=[Token(), Cookie()], urls_namespace="small", docs_url=None)
    problems.register(api)
    api.add_decorator(once, mode="view")

    @api.post("/orders")
    def order(request: HttpRequest, order: Order) -> dict[str, Any]:
        write(f"{order.bags}", by=request.actor)
        return {"lines": Entry.objects.count()}

    @api.get("/fails/{how}")
    @api.post("/fails/{how}")
    def fails(request: HttpRequest, how: str) -> None:
        raise FAILURES[how]

    @api.get("/lines", response=Listing[EntryOut])
    def lines(request: HttpRequest, cursor: Cursor = "", limit: Limit = 2) -> Any:
        return page_of(Entry.objects.all(), by="verb", cursor=cursor, size=limit)

    return api


FAILURES: dict[str, Exception] = {
    "input": InputError(say("Too many bags."), remedy=say("Ask for fewer.")),
    "denied": Denied(say("Not yours."), remedy=say("Ask.")),
    "missing": Http404(),
    "forbidden": PermissionDenied(),
    "large": RequestDataTooBig(),
    "unreadable": BadRequest(),
    "range": DataError("value out of range: secret"),
    "database": OperationalError("server closed the connection: secret"),
    "bug": RuntimeError("secret"),
}
STATUSES = {
    "input": 422,
    "denied": 403,
    "missing": 404,
    "forbidden": 403,
    "large": 413,
    "unreadable": 400,
    "range": 422,
    "database": 503,
    "bug": 500,
}
Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask(db: None) -> Ask:
    api = small_api()

    def send(method: str, address: str, body: Any = None, by: Actor = WORKER, **headers: str) -> HttpResponse:
        asked = RequestFactory().generic(
            method,
            address,
            json.dumps(body) if body is not None else "",
            "application/json",
            headers={"Authorization": "Bearer t", **headers},
        )
        asked.actor = by  # type: ignore[attr-defined]
        with acting_as(by):
            return resolve(api, asked)

    return send


def resolve(api: NinjaAPI, asked: HttpRequest) -> HttpResponse:
    found = next(found for one in api.urls[0] if (found := one.resolve(asked.path.removeprefix("/"))))
    response: HttpResponse = found.func(asked, *found.args, **found.kwargs)
    return response


def said(response: HttpResponse) -> dict[str, Any]:
    assert response["Content-Type"] == problems.MEDIA_TYPE
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["remedy"]
    return body


# Problems


@pytest.mark.parametrize("how", FAILURES)
def test_every_failure_is_a_problem_with_a_remedy_and_without_its_cause(ask: Ask, how: str) -> None:
    response = ask("GET", f"/fails/{how}")
    assert response.status_code == STATUSES[how]
    said(response)
    assert b"secret" not in response.content


def test_what_went_wrong_is_said_in_the_language_of_the_caller(ask: Ask) -> None:
    with translation.override("en"):
        assert said(ask("GET", "/fails/missing"))["title"] == "There is nothing here."
    with translation.override("zh-hans"):
        assert re.search("[\u4e00-\u9fff]", said(ask("GET", "/fails/missing"))["title"])


def test_an_input_error_says_what_and_what_to_do(ask: Ask) -> None:
    body = said(ask("GET", "/fails/input"))
    assert (body["detail"], body["remedy"]) == ("Too many bags.", "Ask for fewer.")


def test_each_field_that_does_not_fit_is_named_with_a_sentence(ask: Ask) -> None:
    with translation.override("en"):
        body = said(ask("POST", "/orders", {"door": "x", "bags": "many"}))
    assert body["errors"] == [
        {"field": "door", "what": "An id is wanted."},
        {"field": "bags", "what": "A whole number is wanted."},
    ]


def test_who_is_not_signed_in_is_told_how(ask: Ask) -> None:
    response = ask("GET", "/lines", by=NOBODY)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    said(response)


def test_a_forged_request_with_a_cookie_is_refused_and_changes_nothing(db: None) -> None:
    asked = RequestFactory().post("/orders", {"door": "x"}, "application/json")
    asked.actor = WORKER  # type: ignore[attr-defined]
    with acting_as(WORKER):
        response = resolve(small_api(), asked)
    assert response.status_code == 403
    with acting_as(SYSTEM):
        assert Entry.objects.count() == 0


def test_addresses_that_do_not_exist_and_wrong_methods_are_problems_too(client: Any, db: None) -> None:
    assert said(client.get("/api/nothing"))["status"] == 404
    assert said(client.delete("/api/status"))["status"] == 405
    assert client.delete("/api/status")["Allow"] == "GET"


def test_the_status_tells_the_time_to_anybody(client: Any, db: None) -> None:
    assert client.get("/api/status").json().keys() == {"now", "version"}


def test_the_document_is_openapi_3_1_and_every_operation_has_problems() -> None:
    document = real_api.get_openapi_schema()
    assert document["openapi"].startswith("3.1")
    for operations in document["paths"].values():
        for operation in operations.values():
            assert {"4XX", "5XX"} <= operation["responses"].keys()


# Request keys


def test_the_same_key_gets_the_same_answer_and_one_effect(ask: Ask) -> None:
    order = {"door": "01890000-0000-7000-8000-000000000000", "bags": 3}
    first = ask("POST", "/orders", order, **{"Idempotency-Key": "k-1"})
    again = ask("POST", "/orders", order, **{"Idempotency-Key": "k-1"})
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    with acting_as(SYSTEM):
        assert Entry.objects.count() == 1


def test_a_key_that_comes_with_another_body_is_refused(ask: Ask) -> None:
    order = {"door": "01890000-0000-7000-8000-000000000000", "bags": 3}
    ask("POST", "/orders", order, **{"Idempotency-Key": "k-1"})
    other = ask("POST", "/orders", order | {"bags": 4}, **{"Idempotency-Key": "k-1"})
    assert other.status_code == 422
    with acting_as(SYSTEM):
        assert Entry.objects.count() == 1


def test_a_key_of_somebody_else_is_another_key(ask: Ask) -> None:
    order = {"door": "01890000-0000-7000-8000-000000000000", "bags": 3}
    ask("POST", "/orders", order, **{"Idempotency-Key": "k-1"})
    other = Actor("other", ActorKind.STAFF, sees=("d",))
    answer = ask("POST", "/orders", order | {"bags": 4}, by=other, **{"Idempotency-Key": "k-1"})
    assert json.loads(answer.content) == {"lines": 2}


def test_a_refused_request_may_be_mended_and_sent_again(ask: Ask) -> None:
    key = {"Idempotency-Key": "k-1"}
    assert ask("POST", "/orders", {"door": "x", "bags": 3}, **key).status_code == 422
    mended = {"door": "01890000-0000-7000-8000-000000000000", "bags": 3}
    assert ask("POST", "/orders", mended, **key).status_code == 200


def test_a_failed_request_leaves_nothing(ask: Ask) -> None:
    assert ask("POST", "/fails/bug", **{"Idempotency-Key": "k-1"}).status_code == 500
    with acting_as(SYSTEM):
        assert AnsweredRequest.objects.count() == 0


@pytest.mark.parametrize("key", ["", "a b", "k" * 101, "键"])
def test_an_unreadable_key_is_refused(ask: Ask, key: str) -> None:
    order = {"door": "01890000-0000-7000-8000-000000000000", "bags": 3}
    assert ask("POST", "/orders", order, **{"Idempotency-Key": key}).status_code == 422


def test_kept_answers_are_sealed(ask: Ask) -> None:
    order = {"door": "01890000-0000-7000-8000-000000000000", "bags": 3}
    ask("POST", "/orders", order, **{"Idempotency-Key": "k-1"})
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM journal_answeredrequest")
        assert b"lines" not in bytes(cursor.fetchone()[0])


# Pages


def pages(ask: Ask, limit: int) -> Iterator[list[str]]:
    cursor = ""
    while True:
        body = json.loads(ask("GET", f"/lines?limit={limit}&cursor={cursor}").content)
        yield [row["verb"] for row in body["rows"]]
        cursor = body["next"]
        if not cursor:
            return


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 200])
def test_pages_hold_every_row_once_in_order_also_with_ties(ask: Ask, limit: int) -> None:
    for verb in "cabbb":
        write(verb)
    found = list(pages(ask, limit))
    assert [name for page in found for name in page] == ["a", "b", "b", "b", "c"]
    assert all(len(page) == limit for page in found[:-1])


def test_a_row_written_meanwhile_neither_repeats_nor_hides_another(ask: Ask) -> None:
    for verb in "bdf":
        write(verb)
    walk = pages(ask, 2)
    first = next(walk)
    for verb in "ae":
        write(verb)
    assert [first, *walk] == [["b", "d"], ["e", "f"]]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzEsMl0", "WyJhIiwiYiJd", "%00", "Ww", "W10"])
def test_a_cursor_that_is_not_ours_is_refused(ask: Ask, cursor: str) -> None:
    assert ask("GET", f"/lines?cursor={cursor}").status_code == 422


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
def test_a_page_is_never_larger_than_it_may_be(ask: Ask, limit: str) -> None:
    assert ask("GET", f"/lines?limit={limit}").status_code == 422
