"""The pages of places: what somebody with a role can do on them, and what nobody can reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from actors import Town
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from visiting import page, post

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.forms.households import PhoneField
from lastmetre.ground.places.models import (
    Cart,
    Gate,
    Grid,
    Household,
    Place,
    Point,
    RegimePeriod,
)
from lastmetre.ground.places.queries.regimes import in_force
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.models import Response
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


def test_a_walk_leads_from_the_community_to_a_masked_door(town: Town, committee: Client) -> None:
    assert "康桥社区" in page(committee, "/places/")
    community = page(committee, f"/places/{town.place['康桥社区'].pk}/")
    assert "开元丽城" in community
    assert "二七区" in community  # the way there
    building = page(committee, f"/places/{town.place['1号楼'].pk}/")
    assert "王**" in building
    assert "王芳" not in building
    door = page(committee, f"/places/{town.household['101'].place_id}/")
    assert "····0101" in door
    assert "13800000101" not in door


def test_places_are_found_by_typing(town: Town, committee: Client) -> None:
    assert "开元丽城" in page(committee, "/places/?q=丽城")
    assert "外苑" not in page(committee, "/places/?q=外苑").replace('value="外苑"', "")


def test_a_look_is_recorded_with_its_reason(town: Town, committee: Client) -> None:
    address = f"/places/households/{town.household['101'].pk}/show"
    assert "王芳" in post(committee, address, 200, why="送药")
    part = committee.post(f"{address}?field=phone", headers={"HX-Request": "true"}).content.decode()
    assert "13800000101" in part
    assert "<html" not in part
    with acting_as(SYSTEM):
        assert [line.why for line in Entry.objects.filter(verb="revealed").order_by("id")] == ["送药", ""]


def test_the_tree_is_changed_by_forms(town: Town, committee: Client) -> None:
    compound = town.place["开元丽城"]
    post(committee, f"/places/{compound.pk}/add", kind="building", names="3-5号楼\n幼儿园")
    with acting_as(SYSTEM):
        names = list(Place.objects.filter(parent=compound).values_list("name", flat=True))
    assert {"3号楼", "4号楼", "5号楼", "幼儿园"} <= set(names)
    refused = post(committee, f"/places/{compound.pk}/add", 422, kind="building", names="3号楼")
    assert "3号楼" in refused
    building = town.place["1号楼"]
    post(
        committee, f"/places/{building.pk}/edit", name="一栋", aliases="1号楼\n甲楼", floors=18, has_lift="on"
    )
    post(committee, f"/places/{building.pk}/move", to=town.place["别苑"].pk)
    with acting_as(SYSTEM):
        moved = Place.objects.get(pk=building.pk)
        assert (moved.name, moved.aliases, moved.parent_id) == (
            "一栋",
            ["1号楼", "甲楼"],
            town.place["别苑"].pk,
        )
        assert moved.building.has_lift
        assert Household.objects.get(pk=town.household["101"].pk).path.startswith(moved.path)
    assert "别苑" in page(committee, f"/places/{building.pk}/move?q=别苑")
    post(committee, f"/places/{building.pk}/end", why="拆迁")
    assert "no longer" in page_in_english(committee, f"/places/{building.pk}/")
    post(committee, f"/places/{building.pk}/restore")
    post(committee, f"/places/{compound.pk}/survey", households=928, people=2000, need_lives_alone=38)
    assert "928" in page(committee, f"/places/{compound.pk}/")


def page_in_english(client: Client, address: str) -> str:
    return str(client.get(address, headers={"Accept-Language": "en"}).content.decode()).lower()


def test_a_compound_gets_gates_points_carts_and_grids(town: Town, committee: Client) -> None:
    pk = town.place["开元丽城"].pk
    form = {"lanes": "66，88", "two_parts": "building-room", "three_parts": "building-unit-room"}
    form |= {"hands_per_wave": 12, "waves_per_day": 2, "doors_per_hour": 30}  # type: ignore[dict-item]
    post(committee, f"/places/{pk}/compound", **form)
    post(committee, f"/places/{pk}/compound", 422, **{**form, "two_parts": "room"})
    post(
        committee,
        f"/places/{pk}/parts/gate",
        name="东门",
        opens_at="06:00",
        closes_at="22:00",
        takes_vehicles="on",
    )
    post(committee, f"/places/{pk}/parts/gate", 422, name="西门", opens_at="06:00")
    with acting_as(SYSTEM):
        gate = Gate.objects.get()
    post(committee, f"/places/{pk}/parts/unloading", name="1号卸货点", number=1, gate=gate.pk, route="直行")
    post(committee, f"/places/{pk}/parts/point", kind="delivery_point", name="物业门口")
    unit = town.path["d.s.c.k.1.u"].pk
    post(committee, f"/places/{pk}/parts/cart", number=1, unit=unit)
    shown = page(committee, f"/places/{pk}/")
    for words in ("东门", "1号卸货点", "物业门口", "360", "01"):
        assert words in shown
    post(committee, f"/places/parts/gate/{gate.pk}", name="正门", is_closed="on")
    with acting_as(SYSTEM):
        assert Gate.objects.get().is_closed
        cart, point = Cart.objects.get(), Point.objects.get()
    post(committee, f"/places/parts/cart/{cart.pk}/remove")
    post(committee, f"/places/parts/point/{point.pk}", kind="shelf", name="货架", capacity=9)
    post(committee, f"/places/parts/gate/{gate.pk}/remove", 422)  # an unloading point names it
    community = town.place["康桥社区"].pk
    post(committee, f"/places/{community}/grids/new", name="第一片区", members=[town.place["1号楼"].pk])
    with acting_as(SYSTEM):
        grid = Grid.objects.get()
    post(committee, f"/places/{community}/grids/{grid.pk}", name="一片", members=[town.place["2号楼"].pk])
    page(committee, f"/places/{community}/grids/{grid.pk}")
    post(committee, f"/places/{community}/parts/point", kind="front_warehouse", name="活动中心")
    shown = page(committee, f"/places/{community}/")
    assert "一片" in shown
    assert "活动中心" in shown


def test_a_household_is_edited_without_being_shown(town: Town, committee: Client) -> None:
    household = town.household["101"]
    form = page(committee, f"/places/households/{household.pk}/edit")
    assert "王芳" not in form
    assert "13800000101" not in form
    post(
        committee, f"/places/households/{household.pk}/edit", room="101", phone="138 0000 9999", head_count=3
    )
    post(committee, f"/places/households/{household.pk}/edit", 422, room="101", phone="12")
    unit = town.path["d.s.c.k.1.u"].pk
    post(committee, f"/places/{unit}/households/new", room="103", name="赵六", needs=["over_80", "no_kin"])
    with acting_as(SYSTEM):
        row = Household.objects.get(pk=household.pk)
        assert (row.name, row.phone, row.head_count) == ("王芳", "13800009999", 3)
        assert Household.objects.get(place__name="103").needs == "over_80 no_kin"
    assert "1单元-103" in page(committee, f"/places/{town.place['康桥社区'].pk}/roster?need=over_80")


def test_a_regime_is_previewed_decided_taken_back_and_lifted(town: Town, commander: Client) -> None:
    compound = town.place["开元丽城"]
    address = f"/places/{compound.pk}/regime"
    change = {"regime": "sealed", "risk": "high", "notice": "请居家"}
    preview = client_english(commander).post(address, change).content.decode()
    assert "Nobody leaves home." in preview
    assert "People may go out." in preview
    with acting_as(SYSTEM):
        assert not RegimePeriod.objects.exists()
    post(commander, address, **change, confirm="1")
    with acting_as(SYSTEM):
        assert in_force([compound.path], town.now)[compound.path].regime.code == "sealed"
    later = change | {"regime": "open", "starts_at": "2099-01-01T08:00"}
    post(commander, address, **later, confirm="1")
    with acting_as(SYSTEM):
        period = RegimePeriod.objects.get(regime="open")
    assert "请居家" in page(commander, address)
    post(commander, f"/places/periods/{period.pk}/take-back")
    district = {"regime": "control", "risk": "medium", "confirm": "1"}
    post(commander, f"/places/{town.place['二七区'].pk}/regime", **district)
    post(commander, f"/places/{compound.pk}/regime/lift", why="解封")
    post(commander, address, 422, **(change | {"ends_at": "2001-01-01T08:00"}), confirm="1")


def client_english(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_regimes_are_listed_and_added(town: Town, commander: Client) -> None:
    assert "封控" in page(commander, "/places/regimes")
    values = {
        "code": "stay_put",
        "name": "静态",
        "strictness": 3,
        "supply_modes": ["group"],
        "hand_over": "door",
    }
    post(commander, "/places/regimes/new", **values)
    post(commander, "/places/regimes/new", 422, **values)
    page(commander, "/places/regimes/sealed/edit")
    post(commander, "/places/regimes/sealed/edit", 403, **values)  # 邻区 has roots of its own


def test_a_response_is_opened_closed_erased_and_certified(town: Town, commander: Client) -> None:
    post(commander, f"/places/{town.place['开元丽城'].pk}/responses/new", name="2022年春")
    with acting_as(SYSTEM):
        pk = Response.objects.get(name="2022年春").pk
    assert "2022年春" in page(commander, "/places/responses")
    page(commander, f"/places/responses/{pk}/certificate", 404)
    post(commander, f"/places/responses/{pk}/close")
    post(commander, f"/places/responses/{pk}", 422, typed_name="2022", is_understood="on")
    post(commander, f"/places/responses/{pk}", 422, typed_name="2022年春")
    post(commander, f"/places/responses/{pk}", typed_name="2022年春", is_understood="on")
    with acting_as(SYSTEM):
        fingerprint = Response.objects.get(pk=pk).key_fingerprint
    assert fingerprint in page(commander, f"/places/responses/{pk}/certificate")
    assert "2022年春" in page(commander, f"/places/responses/{pk}")


def test_a_map_is_a_scheme_until_positions_are_known(town: Town, committee: Client) -> None:
    pk = town.place["开元丽城"].pk
    drawn = committee.get(f"/places/{pk}/map.json").json()
    assert drawn["schematic"] is True
    assert [one["properties"]["name"] for one in drawn["features"]] == ["1号楼", "2号楼"]
    assert "1号楼" in page(committee, f"/places/{pk}/map")
    post(committee, f"/places/{town.place['1号楼'].pk}/edit", name="1号楼", longitude=113.6, latitude=34.7)
    post(committee, f"/places/{pk}/parts/gate", name="东门", longitude=113.61, latitude=34.71)
    drawn = committee.get(f"/places/{pk}/map.json").json()
    assert drawn["schematic"] is False
    assert [one["properties"]["name"] for one in drawn["features"]] == ["1号楼", "东门"]


# Nobody reaches what is not theirs


PLACE_PAGES = (
    "", "edit", "add", "move", "end", "survey", "compound", "parts/gate", "grids/new", "households/new",
    "roster", "roster/upload", "regime", "responses/new", "map", "map.json",
)  # fmt: skip


@pytest.mark.parametrize("part", PLACE_PAGES)
def test_foreign_and_unknown_places_answer_the_same(town: Town, committee: Client, part: str) -> None:
    foreign = committee.get(f"/places/{town.place['外苑'].pk}/{part}")
    unknown = committee.get(f"/places/{new_id()}/{part}")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    hide = re.compile(r"csrfmiddlewaretoken.{0,120}|[0-9a-f-]{36}")
    assert hide.sub("", foreign.content.decode()) == hide.sub("", unknown.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        "households/{household}/show",
        "households/{household}/edit",
        "{place}/roster/export",
        "{place}/restore",
        "{place}/regime/lift",
    ],
)
def test_foreign_ids_in_posts_are_not_found(town: Town, committee: Client, address: str) -> None:
    filled = address.format(household=town.household["701"].pk, place=town.place["外苑"].pk)
    post(committee, f"/places/{filled}", 404)


def test_a_foreign_id_in_a_field_is_refused(town: Town, committee: Client) -> None:
    building, foreign = town.place["1号楼"].pk, town.place["外苑"].pk
    post(committee, f"/places/{building}/move", 422, to=foreign)
    pk = town.place["开元丽城"].pk
    post(committee, f"/places/{pk}/parts/cart", 422, number=1, unit=town.place["7号楼"].pk)
    post(
        committee,
        f"/places/{town.place['康桥社区'].pk}/grids/new",
        422,
        name="x",
        members=[town.place["7号楼"].pk],
    )


def test_who_may_only_look_changes_nothing(town: Town, sign_in: SignIn, client: Client) -> None:
    sign_in(client, role="driver", place=town.place["康桥社区"])
    pk = town.place["开元丽城"].pk
    page(client, f"/places/{pk}/")
    for part in ("edit", "add", "end", "roster", "roster/upload", "compound"):
        page(client, f"/places/{pk}/{part}", 403)
    post(client, f"/places/{pk}/regime", 403, regime="open", risk="low", confirm="1")


def test_a_household_sees_its_own_door_only(town: Town, sign_in: SignIn, client: Client) -> None:
    sign_in(client, household=town.household["101"])
    own = town.household["101"]
    page(client, f"/places/{own.place_id}/")
    page(client, f"/places/{town.place['开元丽城'].pk}/")  # its name and regime
    page(client, f"/places/{town.household['102'].place_id}/", 404)
    post(client, f"/places/households/{town.household['102'].pk}/show", 404)
    assert "王芳" in page(client, f"/places/{own.place_id}/")
    assert "王芳" in post(client, f"/places/households/{own.pk}/show", 200)
    post(client, f"/places/households/{own.pk}/edit", phone="13800008888", head_count=3, note="请放门口")
    post(client, f"/places/households/{own.pk}/edit", room="999", head_count=3)
    page(client, f"/places/households/{town.household['102'].pk}/edit", 404)
    with acting_as(SYSTEM):
        row = Household.objects.select_related("place").get(pk=own.pk)
        assert (row.phone, row.note, row.place.name) == ("13800008888", "请放门口", "101")
        assert not Entry.objects.filter(verb="revealed").exists()


@pytest.mark.parametrize("count", [10, 300])
def test_pages_ask_the_same_questions_however_long_the_list(
    town: Town, committee: Client, count: int
) -> None:
    compound = town.place["开元丽城"]
    with acting_as(SYSTEM) as now:
        rows = [NewPlace(PlaceKind.BUILDING, f"东{n}", compound.pk) for n in range(count)]
        add_places(rows, by=SYSTEM, at=now)
        add_households([NewHousehold(row.id, "101", name="王芳") for row in rows], by=SYSTEM, at=now)
    asked = {}
    for part in ("", "roster", "map.json"):
        with CaptureQueriesContext(connection) as queries:
            page(committee, f"/places/{compound.pk}/{part}")
        asked[part] = len(queries)
    assert asked == QUERIES


QUERIES = {"": 28, "roster": 15, "map.json": 20}
"""Of which 10 are the door's: device, roles, scope."""


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 0000 9999", "13800009999"),
        ("+86 138-0000-9999", "13800009999"),
        ("１３８００００９９９９", "13800009999"),
        ("0371-6668 8888", "037166688888"),
        ("400 820 8820", "4008208820"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_taken_as_people_write_it(typed: str, digits: str) -> None:
    assert PhoneField(required=False).clean(typed) == digits


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12", "no telephone number"),
        ("1380000999", "no telephone number"),
        ("没有", "no telephone number"),
        ("13800009999/13900001111", "one number only"),
        ("0371-66688888转801", "one number only"),
    ],
)
def test_what_cannot_be_dialled_as_one_number_is_refused_not_cut(typed: str, sentence: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=sentence):
        PhoneField(required=False).clean(typed)
