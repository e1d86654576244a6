"""The API does what the pages do, for programs with a token of somebody's role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from actors import Town
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from visiting import workbook

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.bulk import NewPlace, add_places
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


@pytest.fixture
def program(town: Town, sign_in: SignIn, client: Client) -> Client:
    sign_in(client, role="community_worker", place=town.place["康桥社区"], token=True)
    return client


@pytest.fixture
def commander(town: Town, sign_in: SignIn, client: Client) -> Client:
    sign_in(client, role="commander", place=town.place["二七区"], token=True)
    return client


def call(client: Client, method: str, address: str, body: Any = None, status: int = 200) -> Any:
    answer = getattr(client, method)(f"/api/places/{address}", body or {}, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(f"/api/places/{address}")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_program_walks_the_tree(town: Town, program: Client) -> None:
    tops = get(program, "")
    assert [one["name"] for one in tops] == ["康桥社区"]
    assert tops[0]["counts"]["households"] == 4
    page = get(program, f"{tops[0]['id']}/children?limit=1")
    rest = get(program, f"{tops[0]['id']}/children?cursor={page['next']}")
    assert {one["name"] for one in page["rows"] + rest["rows"]} == {"别苑", "开元丽城"}
    shown = get(program, str(town.place["开元丽城"].pk))
    assert [one["name"] for one in shown["above"]] == ["二七区", "大学路街道", "康桥社区"]
    assert shown["in_force"]["regime"]["code"] == "open"
    assert get(program, "search?words=丽城")[0]["name"] == "开元丽城"


@pytest.mark.parametrize("count", [10, 100])
def test_lists_ask_the_same_questions_however_long(town: Town, program: Client, count: int) -> None:
    other = town.place["别苑"]
    with acting_as(SYSTEM) as now:
        add_places(
            [NewPlace(PlaceKind.BUILDING, f"东{n}", other.pk) for n in range(count)], by=SYSTEM, at=now
        )
    with CaptureQueriesContext(connection) as queries:
        assert len(get(program, f"{other.pk}/children?limit=200")["rows"]) == count + 1
    assert len(queries) == 17


def test_a_program_changes_the_tree(town: Town, program: Client) -> None:
    compound, pk = town.place["开元丽城"].pk, str(new_id())
    places = [{"id": pk, "kind": "building", "name": "3号楼", "parent": str(compound), "floors": 18}]
    places.append({"kind": "unit", "name": "1单元", "parent": pk})
    unit = call(program, "post", "", {"places": places})["ids"][1]
    again = call(program, "post", "", {"places": places}, 422)
    assert "已有" in again["detail"]
    places[0]["name"], places[1]["name"] = "四号楼", "2单元"
    assert "编号" in call(program, "post", "", {"places": places}, 422)["detail"]
    households = [
        {"parent": unit, "room": "101", "name": "孙八", "phone": "13800000301", "needs": ["over_80"]}
    ]
    made = call(program, "post", "households", {"households": households})["ids"][0]
    call(program, "patch", f"households/{made}", {"floor": 1, "head_count": 2, "note": "放门口"})
    assert get(program, f"households/{made}")["name"] == "孙**"
    revealed = call(program, "post", f"households/{made}/reveal", {"why": "送药"})
    assert revealed == {
        "id": made,
        "name": "孙八",
        "phone": "13800000301",
        "needs": ["over_80"],
        "note": "放门口",
    }
    rows = get(program, f"{compound}/roster?words=0301")["rows"]
    assert [(row["home"], row["phone_tail"]) for row in rows] == [("3号楼-1单元-101", "0301")]
    call(program, "put", pk, {"name": "三号楼", "aliases": ["3号楼"], "longitude": 113.6, "latitude": 34.7})
    assert get(program, f"{compound}/map")["schematic"] is False
    call(program, "post", f"{pk}/move", {"to": str(town.place["别苑"].pk)})
    assert call(program, "post", f"{pk}/end", {"why": "拆"})["count"] == 3
    assert call(program, "post", f"{pk}/restore")["count"] == 3
    call(program, "put", f"{compound}/survey", {"households": 928, "people": 2000, "needs": {"over_60": 600}})
    with acting_as(SYSTEM):
        assert Household.objects.get(pk=made).path.startswith(Place.objects.get(name="别苑").path)
        assert Entry.objects.filter(verb="revealed").count() == 1


def test_a_program_keeps_what_compounds_have(town: Town, program: Client) -> None:
    pk = town.place["开元丽城"].pk
    call(program, "put", f"{pk}/compound", {"lanes": ["66"], "hands_per_wave": 12})
    gate = call(program, "post", f"{pk}/gates", {"name": "东门", "opens_at": "06:00", "closes_at": "22:00"})[
        "ids"
    ][0]
    point = {"name": "1号点", "number": 1, "gate": gate}
    unloading = call(program, "post", f"{pk}/unloading-points", point)["ids"][0]
    call(program, "put", f"unloading-points/{unloading}", point | {"route": "直行"})
    service = call(program, "post", f"{pk}/points", {"kind": "delivery_point", "name": "物业门口"})["ids"][0]
    call(program, "put", f"points/{service}", {"kind": "shelf", "name": "货架"})
    unit = str(town.path["d.s.c.k.1.u"].pk)
    cart = call(program, "post", f"{pk}/carts", {"number": 7, "unit": unit})["ids"][0]
    grid = call(program, "post", f"{pk}/grids", {"name": "一片", "members": [str(town.place["1号楼"].pk)]})[
        "ids"
    ][0]
    call(program, "put", f"grids/{grid}", {"name": "一片", "members": []})
    parts = get(program, f"{pk}/parts")
    assert parts["detail"]["hands_per_wave"] == 12
    assert parts["unloading_points"][0]["route"] == "直行"
    assert parts["carts"] == [{"id": cart, "number": 7, "building": "1号楼", "unit": "1单元"}]
    call(program, "delete", f"gates/{gate}", status=422)
    for part in (
        f"unloading-points/{unloading}",
        f"gates/{gate}",
        f"points/{service}",
        f"carts/{cart}",
        f"grids/{grid}",
    ):
        call(program, "delete", part)
    call(program, "post", f"{pk}/gates", {"name": "西门", "colour": "red"}, 422)


def test_a_program_decides_regimes_and_responses(town: Town, commander: Client) -> None:
    pk = town.place["开元丽城"].pk
    assert [one["code"] for one in get(commander, "regimes")] == ["open", "precaution", "control", "sealed"]
    call(commander, "post", f"{pk}/periods", {"regime": "sealed", "risk": "high", "notice": "封控"})
    later = {"regime": "open", "risk": "low", "starts_at": "2099-01-01T00:00:00+08:00"}
    period = call(commander, "post", f"{pk}/periods", later)["ids"][0]
    assert get(commander, f"{pk}/regime")["regime"]["request_every_days"] == 3
    assert [one["regime"] for one in get(commander, f"{pk}/periods")["rows"]] == ["open", "sealed"]
    call(commander, "delete", f"periods/{period}")
    call(commander, "post", f"{pk}/regime/lift", {"why": "解封"})
    own = {
        "code": "stay_put",
        "name": "静态",
        "strictness": 3,
        "supply_modes": ["group"],
        "hand_over": "door",
    }
    call(commander, "post", "regimes", own)
    call(commander, "put", "regimes/stay_put", {name: own[name] for name in own if name != "code"}, 403)
    response = call(commander, "post", f"{pk}/responses", {"name": "2022"})["id"]
    call(commander, "post", f"responses/{response}/close")
    call(commander, "post", f"responses/{response}/erase", {"name": "x"}, 422)
    paper = call(commander, "post", f"responses/{response}/erase", {"name": "2022"})
    assert paper["key_fingerprint"]
    assert get(commander, f"responses/{response}")["erased_at"]
    assert [one["id"] for one in get(commander, "responses")] == [response]


def test_a_program_brings_a_roster_in_and_takes_it_out(town: Town, program: Client) -> None:
    pk = town.place["开元丽城"].pk
    rows: list[list[object]] = [
        ["1号楼", "1单元", "101", "王芳芳", "", 2],
        ["9号楼", "1单元", "101", "孙八", "", 1],
    ]
    answer = program.post(f"/api/places/{pk}/roster/uploads", {"file": workbook(rows)})
    review = answer.json()
    assert answer.status_code == 200, review
    assert (review["added"], review["buildings"]) == (["9-1-101"], ["9"])
    assert [(one["before"], one["after"]) for one in review["conflicts"]] == [("王**", "王芳芳")]
    upload, choices = review["id"], {review["conflicts"][0]["key"]: "keep"}
    call(program, "post", f"uploads/{upload}/take-over", {"digest": review["digest"]}, 422)
    done = call(
        program, "post", f"uploads/{upload}/take-over", {"digest": review["digest"], "choices": choices}
    )
    assert done == {"added": 1, "kept": 2}
    get(program, f"uploads/{upload}", 422)
    masked = call(program, "post", f"{pk}/roster/export", {})
    assert {one["name"] for one in masked["households"]} == {"王**", "李**", "单**", "孙**"}
    call(program, "post", f"{pk}/roster/export", {"people": True}, 422)
    people = call(program, "post", f"{pk}/roster/export", {"people": True, "why": "打印"})
    assert "13800000101" in {one["phone"] for one in people["households"]}
    refused = program.post(f"/api/places/{pk}/roster/uploads", {"file": workbook([])})
    assert refused.status_code == 422
    assert refused.json()["remedy"]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        *(
            ("get", f"{{place}}{part}")
            for part in ("", "/children", "/roster", "/parts", "/regime", "/periods", "/map")
        ),
        *(("post", f"{{place}}/{part}") for part in ("move", "end", "restore", "roster/export", "responses")),
        *(("get", "households/{household}"), ("post", "households/{household}/reveal")),
    ],
)
def test_foreign_ids_are_not_found(town: Town, program: Client, method: str, address: str) -> None:
    filled = address.format(place=town.place["外苑"].pk, household=town.household["701"].pk)
    body = {"to": None} if filled.endswith("move") else {"name": "x"} if filled.endswith("responses") else {}
    if method == "get":
        get(program, filled, 404)
    else:
        call(program, method, filled, body, 404)
    parent = str(town.place["外苑"].pk)
    call(program, "post", "", {"places": [{"kind": "building", "name": "8", "parent": parent}]}, 422)


def test_nobody_without_a_token_is_answered(town: Town, client: Client) -> None:
    get(client, "", 401)
    get(client, str(town.place["开元丽城"].pk), 401)
