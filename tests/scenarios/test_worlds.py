"""Every world is whole: rows name rows that are there, keys are unique, nobody is real, nothing overlaps."""

from __future__ import annotations

import dataclasses
import re
import time
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from timed import within

from lastmetre import scenarios
from lastmetre.scenarios.codes import PlaceKind, Role
from lastmetre.scenarios.place_rows import Household, Place
from tests.scenarios.worlds import NAMES, rows, world

SEED, OTHER_SEED = 7, 8
every_world = pytest.mark.parametrize("name", NAMES)

LEVELS = [
    {PlaceKind.CITY},
    {PlaceKind.DISTRICT, PlaceKind.COUNTY},
    {PlaceKind.SUBDISTRICT, PlaceKind.TOWNSHIP},
    {PlaceKind.COMMUNITY, PlaceKind.VILLAGE},
    {PlaceKind.VILLAGE_GROUP},
    {PlaceKind.COMPOUND, PlaceKind.URBAN_VILLAGE, PlaceKind.CAMPUS},
    {PlaceKind.BUILDING},
    {PlaceKind.UNIT},
]


def test_all_seven_are_there():
    assert NAMES == ("erqi", "fancheng", "pudong", "quanzhou", "suqian", "yichang", "yuxian")
    for name in NAMES:
        assert "invented" in (scenarios.folder(name) / "README.md").read_text(encoding="utf-8").lower()


@every_world
def test_the_same_seed_makes_the_same_world_and_another_seed_another(name):
    assert scenarios.build(name, seed=SEED) == world(name)
    assert world(name, OTHER_SEED) != world(name)


@every_world
def test_another_seed_keeps_the_figures_of_the_source(name):
    other = world(name, OTHER_SEED)
    assert len(other.households) == len(world(name).households)
    assert len(other.places) == len(world(name).places)
    assert len(other.suppliers) == len(world(name).suppliers)


def test_all_seven_are_built_in_three_seconds():
    start = time.process_time()  # not by the clock on the wall: others may use the processor
    for name in NAMES:
        scenarios.build(name)
    assert time.process_time() - start < within(3)


KEYED = (
    "places grids gates unloading_points households organisations people teams shifts products suppliers"
    " points offers reserves"
)


@every_world
def test_keys_are_unique(name):
    built = world(name)
    for table in KEYED.split():
        counted = Counter(row.key for row in getattr(built, table))
        assert [key for key, count in counted.items() if count > 1] == [], table
    assert not {place.key for place in built.places} & {one.key for one in built.households}


@every_world
def test_names_are_unique_below_a_parent(name):
    built = world(name)
    counted = Counter((place.parent, place.name) for place in built.places)
    counted += Counter((one.place, one.room) for one in built.households)
    assert [key for key, count in counted.items() if count > 1] == []


REFERS = {
    "parent": "places", "place": "places", "area": "places", "compound": "places", "unit": "places",
    "organisation": "organisations", "holder": "organisations", "person": "people", "leader": "people",
    "contact": "people", "household": "households", "grid": "grids", "team": "teams", "product": "products",
    "substitute": "products", "package": "products", "supplier": "suppliers", "owner": "suppliers", "category": "categories",
}  # fmt: skip
"""Field of a row to the table that it names a key of; '' where it may be left out."""
NOT_KEYS = {("offers", "unit"), ("products", "unit")}


@every_world
def test_every_row_names_only_rows_before_it(name):
    built = world(name)
    seen: dict[str, set[str]] = defaultdict(set)
    for table, row in rows(built):
        for field in dataclasses.fields(row):  # type: ignore[arg-type]
            value = getattr(row, field.name)
            if field.name in REFERS and (table, field.name) not in NOT_KEYS and value:
                assert value in seen[REFERS[field.name]], (table, row, field.name)
            if field.name == "members":
                known = seen["places"] if table == "grids" else seen["people"]
                assert set(value) <= known, row
            if field.name == "keeper" and value:
                assert value in seen["people"] | seen["suppliers"], row
        seen[table].add(getattr(row, "key", getattr(row, "code", "")))


@every_world
def test_places_lie_within_larger_ones(name):
    level = {kind: number for number, kinds in enumerate(LEVELS) for kind in kinds}
    kinds = {place.key: place.kind for place in world(name).places}
    roots = [place for place in world(name).places if not place.parent]
    assert [place.key for place in roots] == [name]
    for place in world(name).places:
        if place.parent:
            assert level[kinds[place.parent]] < level[place.kind], place


def box(place: Place) -> tuple[float, float, float, float]:
    """Return west, south, east, north."""
    across, along = [spot[0] for spot in place.outline], [spot[1] for spot in place.outline]
    return min(across), min(along), max(across), max(along)


@every_world
def test_the_map_is_whole(name):
    """Each place lies inside its parent, and buildings of a compound do not overlap."""
    by_key = {place.key: place for place in world(name).places}
    buildings = defaultdict(list)
    slack = 2e-6
    for place in by_key.values():
        assert place.position
        parent = by_key.get(place.parent)
        if place.outline and parent and parent.outline:
            inner, outer = box(place), box(parent)
            assert all(inner[side] >= outer[side] - slack for side in (0, 1)), place
            assert all(inner[side] <= outer[side] + slack for side in (2, 3)), place
        if place.kind is PlaceKind.BUILDING:
            buildings[place.parent].append(box(place))
    for boxes in buildings.values():
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart


@every_world
def test_heads_and_households_add_up(name):
    built = world(name)
    compound_of = {place.key: place.parent for place in built.places}
    kinds = {place.key: place.kind for place in built.places}
    lived: dict[str, list[Household]] = defaultdict(list)
    for one in built.households:
        key = one.place
        while kinds[key] in (PlaceKind.UNIT, PlaceKind.BUILDING):
            key = compound_of[key]
        lived[key].append(one)
    assert lived
    for place in built.places:
        if place.key in lived:
            assert place.household_count == len(lived[place.key])
            assert place.head_count == sum(one.head_count or 0 for one in lived[place.key])
        elif place.kind is PlaceKind.COMPOUND:
            assert place.head_count
            assert place.household_count


@every_world
def test_nobody_real_can_be_called(name):
    text = repr(world(name))
    mobiles = re.findall(r"(?<!\d)1\d{10}(?!\d)", text)
    assert mobiles
    assert {number[:7] for number in mobiles} == {"1380000"}
    assert not re.findall(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)", text)
    own = [one.phone for one in (*world(name).households, *world(name).suppliers) if one.phone]
    assert len(own) == len(set(own))
    signed_in = {one.person for one in world(name).assignments if one.role is Role.HOUSEHOLD}
    staff = [one.phone for one in world(name).people if one.key not in signed_in]
    assert len(staff) == len(set(staff))
    assert not set(staff) & set(own)


@every_world
def test_links_lead_nowhere_real(name):
    links = [one.order_url for one in world(name).contracts if one.order_url]
    assert all(link.startswith("https://example.org/") for link in links)


@every_world
def test_assignments_have_exactly_one_scope(name):
    for one in world(name).assignments:
        assert sum(map(bool, (one.place, one.organisation, one.household))) == 1, one


def test_every_role_is_in_some_scenario():
    held = {one.role for name in NAMES for one in world(name).assignments}
    assert held == set(Role)


@every_world
def test_the_common_roles_are_in_every_scenario(name):
    held = {one.role for one in world(name).assignments}
    assert held >= {
        Role.HOUSEHOLD, Role.LIAISON, Role.COMMUNITY_WORKER, Role.SUBDISTRICT_OFFICER, Role.SUPPLIER_STAFF,
        Role.VOLUNTEER, Role.HOTLINE_OPERATOR, Role.PRICE_INSPECTOR, Role.COMMANDER, Role.AUDITOR,
        Role.ADMINISTRATOR,
    }  # fmt: skip


@every_world
def test_regimes_of_a_place_follow_each_other(name):
    by_place = defaultdict(list)
    for row in world(name).regimes:
        by_place[row.place].append(row)
    assert by_place
    for history in by_place.values():
        history.sort(key=lambda row: row.since)
        for before, after in pairwise(history):
            assert before.until == after.since
        assert [row.until for row in history].count(None) == 1


@every_world
def test_helpers_on_duty_are_trained_tested_and_fit(name):
    built = world(name)
    people = {person.key: person for person in built.people}
    for shift in built.shifts:
        assert shift.starts < shift.ends
        assert shift.members
        for who in shift.members:  # FC8
            assert people[who].is_fit
            assert people[who].trained_on
            assert people[who].tested_on


@every_world
def test_those_in_need_have_a_named_carer(name):
    built = world(name)
    if name == "suqian":  # students
        return
    cared_for = {one.household for one in built.assignments if one.role is Role.CARER}
    kept = {_compound(one) for one in cared_for}
    alone = [one for one in built.households if "lives_alone" in one.needs and _compound(one.key) in kept]
    assert alone
    assert {one.key for one in alone} <= cared_for  # ER2


def _compound(household: str) -> str:
    return "/".join(household.split("/")[:2])


@every_world
def test_offers_are_sold_by_those_who_have_them_in_whole_cases(name):
    built = world(name)
    cases = {one.key: one.case_size or 1 for one in built.products}
    assert built.offers
    for offer in built.offers:
        assert offer.price_fen > 0
        assert offer.stock > 0
        assert offer.opens < offer.closes
    sized = [offer for offer in built.offers if cases[offer.product] > 1 and "xiandaojia" not in offer.key]
    assert all(offer.stock % cases[offer.product] == 0 for offer in sized)


@every_world
def test_packages_say_what_is_in_them(name):
    built = world(name)
    packages = {one.key for one in built.products if one.is_package}
    assert packages
    assert {line.package for line in built.package_lines} == packages  # QZ5


ONCE = {
    "products": ("name", "specification", "owner"),
    "organisations": ("kind", "name", "place"),
    "points": ("place", "kind", "name"),
    "teams": ("place", "name"),
    "suppliers": ("licence",),
    "offers": ("supplier", "product", "area"),
    "contracts": ("supplier", "place", "mode"),
    "carts": ("compound", "number"),
    "assignments": ("person", "role", "place", "organisation", "household"),
    "capacities": ("supplier", "category"),
    "reserves": ("tier", "place", "category"),
}
"""What a row may be there once for; the tables of the product say the same."""


@every_world
def test_no_row_is_there_twice(name):
    for table, fields in ONCE.items():
        counted = Counter(
            tuple(getattr(row, field) for field in fields) for row in getattr(world(name), table)
        )
        assert [key for key, count in counted.items() if count > 1] == [], table
