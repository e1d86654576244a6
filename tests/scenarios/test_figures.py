"""What the sources count is counted in the worlds: one test a scenario, each figure with its row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from lastmetre.scenarios.codes import Need, PlaceKind, PointKind, Role, SupplierKind, TeamKind
from lastmetre.scenarios.figures import read_sheet
from tests.scenarios.worlds import NAMES, households, places, world


def assigned(name: str, role: Role, place: str = "") -> set[str]:
    """Return who has a role, in one place or anywhere."""
    return {one.person for one in world(name).assignments if one.role is role and place in ("", one.place)}


def points(name: str, kind: PointKind) -> int:
    """Count points of a kind."""
    return sum(point.kind is kind for point in world(name).points)


def suppliers(name: str, *kinds: SupplierKind) -> int:
    """Count suppliers of some kinds."""
    return sum(one.kind in kinds for one in world(name).suppliers)


def contracts(name: str, mode: str, kind: SupplierKind | None = None) -> int:
    """Count places that a supplier is appointed or linked for."""
    kinds = {one.key: one.kind for one in world(name).suppliers}
    return sum(one.mode == mode and kind in (None, kinds[one.supplier]) for one in world(name).contracts)


def needing(name: str, compound: str, need: Need) -> int:
    """Count a compound's households with a need."""
    return sum(need in one.needs for one in households(name, compound))


def helpers(name: str, place: str) -> int:
    """Count the members of a place's squads."""
    return len({who for team in world(name).teams if team.place == place for who in team.members})


def groups(name: str, place_kind: PlaceKind, kind: TeamKind) -> set[int]:
    """Return how many work groups the places of a kind have that have any."""
    kinds = {place.key: place.kind for place in world(name).places}
    count = Counter(
        team.place for team in world(name).teams if team.kind is kind and kinds[team.place] is place_kind
    )
    return set(count.values())


def heads(name: str, compound: str) -> int:
    """Sum the heads of a compound's households."""
    return sum(one.head_count or 0 for one in households(name, compound))


def backbone() -> int:
    """Count Yichang's helpers who are officials."""
    officials = {
        "yichang/organisations/city-offices",
        "yichang/organisations/street",
        "yichang/organisations/firms",
    }
    return sum(person.organisation in officials for person in world("yichang").people)


def officers() -> list[int]:
    """Return how many supply officers each building of Yichang has, sorted."""
    squad = next(team for team in world("yichang").teams if team.kind is TeamKind.SUPPLY)
    posts = {one.person: one.place for one in world("yichang").assignments if one.role is Role.VOLUNTEER}
    return sorted(Counter(posts[who] for who in squad.members).values())


def in_fengze_xincun() -> int:
    """Count Quanzhou's stewards, workers and helpers of the sealed compound (QZ12)."""
    key = next(place.key for place in world("quanzhou").places if place.name == "丰泽新村")
    heads_of = {
        one.person
        for one in world("quanzhou").assignments
        if one.role is Role.BUILDING_HEAD and one.place.startswith(key)
    }
    return helpers("quanzhou", key) + len(heads_of | assigned("quanzhou", Role.COMMUNITY_WORKER, key))


def sale_points_of_the_merchant() -> list[str]:
    """Return when the merchant's points open (ER16)."""
    return [point.opens for point in world("erqi").points if point.keeper.endswith("/merchant")]


LICHENG, CHENDAI = "erqi/licheng", "quanzhou/jinjiang/chendai"
GUIDE = ("erqi", "open", SupplierKind.SUPERMARKET)
MEASURED: dict[tuple[str, str], Callable[[], int]] = {
    ("erqi", "buildings"): lambda: len(places("erqi", PlaceKind.BUILDING, below=LICHENG)),
    ("erqi", "units"): lambda: len(places("erqi", PlaceKind.UNIT, below=LICHENG)),
    ("erqi", "carts"): lambda: len({cart.unit for cart in world("erqi").carts}),
    ("erqi", "volunteers"): lambda: helpers("erqi", LICHENG),
    ("erqi", "waves"): lambda: next(c.waves_per_day for c in world("erqi").compounds if c.place == LICHENG),
    ("erqi", "first_hotline"): lambda: len(assigned("erqi", Role.HOTLINE_OPERATOR)) - 16,
    ("erqi", "more_hotlines"): lambda: len(assigned("erqi", Role.HOTLINE_OPERATOR)) - 1,
    ("erqi", "wholesale_markets"): lambda: suppliers("erqi", SupplierKind.WHOLESALE_MARKET),
    ("erqi", "crowded_households"): lambda: len(households("erqi", "erqi/xinyuan")),
    ("erqi", "crowded_people"): lambda: heads("erqi", "erqi/xinyuan"),
    ("erqi", "sale_points"): lambda: points("erqi", PointKind.TEMPORARY_SALE_POINT),
    ("erqi", "guide_supermarkets"): lambda: contracts(*GUIDE),
    ("erqi", "contact_supermarkets"): lambda: sum(
        one.is_key_supplier and one.kind is SupplierKind.SUPERMARKET for one in world("erqi").suppliers
    ),
    ("erqi", "contact_platforms"): lambda: suppliers("erqi", SupplierKind.PLATFORM),
    ("erqi", "merchant_points"): lambda: len(sale_points_of_the_merchant()),
    ("erqi", "merchant_hour"): lambda: int({*sale_points_of_the_merchant()}.pop()[:2]),
    ("quanzhou", "supermarkets"): lambda: suppliers("quanzhou", SupplierKind.SUPERMARKET),
    ("quanzhou", "zoned_compounds"): lambda: contracts("quanzhou", "area"),
    ("quanzhou", "compounds"): lambda: contracts("quanzhou", "property"),
    ("quanzhou", "outlets"): lambda: len(world("quanzhou").suppliers),
    ("quanzhou", "pledges"): lambda: sum(one.pledged_on is not None for one in world("quanzhou").suppliers),
    ("quanzhou", "work_points"): lambda: sum(one.place == CHENDAI for one in world("quanzhou").points),
    ("quanzhou", "served_villages"): lambda: len(places("quanzhou", PlaceKind.VILLAGE, below=CHENDAI)),
    ("quanzhou", "kinds_of_vegetables"): lambda: len(world("quanzhou").assortments),
    ("quanzhou", "market_communities"): lambda: points("quanzhou", PointKind.MOBILE_STOP) - 8,
    ("quanzhou", "needy_places"): lambda: len(places("quanzhou", PlaceKind.URBAN_VILLAGE)),
    ("quanzhou", "officials"): in_fengze_xincun,
    ("quanzhou", "couriers"): lambda: sum(
        one.organisation.endswith("/couriers") for one in world("quanzhou").people
    ),
    ("pudong", "households"): lambda: len(households("pudong", "pudong/ehai")),
    ("pudong", "living_alone"): lambda: needing("pudong", "pudong/ehai", Need.LIVES_ALONE),
    ("pudong", "over_60"): lambda: needing("pudong", "pudong/ehai", Need.OVER_60),
    ("pudong", "front_warehouses"): lambda: points("pudong", PointKind.FRONT_WAREHOUSE),
    ("pudong", "towns"): lambda: len(places("pudong", PlaceKind.SUBDISTRICT, PlaceKind.TOWNSHIP)),
    ("pudong", "village_groups"): lambda: len(places("pudong", PlaceKind.VILLAGE_GROUP)),
    ("pudong", "communities"): lambda: len(places("pudong", PlaceKind.COMMUNITY)),
    ("yichang", "buildings"): lambda: len(places("yichang", PlaceKind.BUILDING)),
    ("yichang", "units"): lambda: len(places("yichang", PlaceKind.UNIT)),
    ("yichang", "residents"): lambda: heads("yichang", "yichang/dongchen"),
    ("yichang", "officials"): backbone,
    ("yichang", "helpers"): lambda: helpers("yichang", "yichang/dongchen"),
    ("yichang", "e6_households"): lambda: len(households("yichang", "yichang/dongchen/E6")),
    ("yichang", "fewest_officers"): lambda: officers()[0],
    ("yichang", "most_officers"): lambda: officers()[-1],
    ("suqian", "unloading_points"): lambda: len(world("suqian").unloading_points),
    ("suqian", "teams"): lambda: sum(team.row == "SQ10" for team in world("suqian").teams),
    ("fancheng", "small_shops"): lambda: suppliers("fancheng", SupplierKind.SMALL_SHOP),
    ("fancheng", "platforms"): lambda: suppliers("fancheng", SupplierKind.PLATFORM),
    ("fancheng", "supermarkets"): lambda: suppliers("fancheng", SupplierKind.SUPERMARKET),
    ("yuxian", "control_groups"): lambda: min(groups("yuxian", PlaceKind.COMMUNITY, TeamKind.WORK_GROUP)),
    ("yuxian", "sealed_groups"): lambda: min(groups("yuxian", PlaceKind.COMPOUND, TeamKind.WORK_GROUP)),
}
"""Scenario and figure to how its world is counted."""
FIGURES = [(name, figure) for name in NAMES for figure in read_sheet(name).figures.values()]


@pytest.mark.parametrize(("name", "figure"), FIGURES, ids=lambda one: getattr(one, "key", one))
def test_the_world_holds_what_the_source_counts(name, figure):
    assert re.fullmatch(r"(ER|QZ|PD|YC|SQ|FC|YX)\d+[a-z]?", figure.row)
    assert figure.said
    if not figure.modelled:
        assert (name, figure.key) not in MEASURED
        return
    counted = MEASURED[name, figure.key]()
    if figure.at_least:
        assert counted == figure.built >= figure.number
    else:
        assert counted == figure.number == figure.built


def test_nothing_is_measured_that_no_source_states():
    assert set(MEASURED) <= {(name, figure.key) for name, figure in FIGURES}


def test_every_figure_of_the_requirements_is_here():
    """The numbers that the requirements name for each scenario, written out a second time (ER to YX)."""
    stated = {
        "erqi": {"ER3a": [8, 24], "ER3b": [24], "ER5": [30, 2], "ER6": [12000], "ER11": [1, 16], "ER12b": [20],
                 "ER12c": [700, 500, 23], "ER13b": [1365, 19], "ER14": [1500, 5000, 1005], "ER15a": [14, 13, 21],
                 "ER16": [3, 2, 8]},
        "quanzhou": {"QZ2": [58], "QZ4": [193, 177], "QZ7": [44, 29, 7, 2180000, 15, 10, 26000, 50],
                     "QZ9a": [100], "QZ14": [218], "QZ6b": [8, 26, 7, 13500, 55], "QZ10": [400000],
                     "QZ9b": [2507, 23, 268, 162300, 4000, 12, 1025], "QZ12": [84], "QZ15b": [100]},
        "pudong": {"PD1": [928, 38, 600], "PD3": [145, 2, 2000], "PD5": [19, 105, 40, 270000], "PD4": [24]},
        "yichang": {"YC1": [26, 35, 10000, 72, 150], "YC5": [200, 2, 3]},
        "suqian": {"SQ7": [4, 30], "SQ6": [100], "SQ5": [14], "SQ4b": [1], "SQ10": [4]},
        "fancheng": {"FC1": [200, 6, 11], "FC5": [3], "FC6": [3], "FC3c": [2]},
        "yuxian": {"YX13b": [8], "YX14b": [7], "YX13a": [2, 1]},
    }  # fmt: skip
    for name, by_row in stated.items():
        for row, numbers in by_row.items():
            held = Counter(figure.number for figure in world(name).figures if figure.row == row)
            assert not Counter(numbers) - held, (name, row)


def test_yichangs_buildings_have_two_or_three_officers():
    assert len(officers()) == 26
    assert set(officers()) == {2, 3}


def test_every_covered_place_of_pudong_has_a_market_with_its_steward():
    markets = [point for point in world("pudong").points if point.kind is PointKind.MARKET_POINT]
    assert len({point.place for point in markets}) == 145 == len({point.keeper for point in markets})
    assert {point.keeper for point in markets} == assigned("pudong", Role.MARKET_STEWARD)  # PD4


def test_pudong_stays_below_the_benchmark():
    benchmark = {one.product: one.price_fen for one in world("pudong").benchmarks}
    assert all(offer.price_fen < benchmark[offer.product] for offer in world("pudong").offers)  # PD2b


def test_fancheng_has_its_three_modes_and_its_teams_down_to_the_compound():
    modes = Counter(one.mode for one in world("fancheng").contracts)
    compounds = {place.key for place in places("fancheng", PlaceKind.COMPOUND)}
    assert modes["group"] == 200
    assert {one.place for one in world("fancheng").contracts if one.mode == "platform"} == compounds  # FC3a
    kinds = Counter(team.kind for team in world("fancheng").teams)
    assert kinds[TeamKind.LEADING_GROUP] == len(places("fancheng", PlaceKind.SUBDISTRICT))  # FC7
    assert kinds[TeamKind.DELIVERY_TEAM] == len(places("fancheng", PlaceKind.COMMUNITY))
    assert {point.place for point in world("fancheng").points} == compounds
    officers_of = {one.place for one in world("fancheng").assignments if one.role is Role.LIAISON}
    assert officers_of == compounds


def test_yu_county_has_every_regime_and_risk_level_with_history():
    regimes = world("yuxian").regimes
    in_force = [row for row in regimes if row.until is None]
    assert {row.regime for row in in_force} == {"open", "precaution", "control", "sealed"}  # YX2
    assert {row.risk for row in in_force} == {"low", "medium", "high"}
    assert any(row.until for row in regimes)
    assert {row.tier for row in world("yuxian").reserves} == {"county", "city", "province"}  # YX8a


def test_kaiyuan_licheng_is_the_compound_of_the_chat():
    """The demo's roster and the world name the same people, so that the chat can be read in the product."""
    from lastmetre.reading.compounds import read_compound
    from lastmetre.scenarios import folder

    roster = read_compound(folder("erqi") / "compound.yaml").households
    lived = {
        (one.key.removeprefix(f"{LICHENG}/"), one.name, one.phone) for one in households("erqi", LICHENG)
    }
    assert lived == {
        (f"{one.home.building}/{one.home.unit}/{one.home.room}", one.name, one.phone) for one in roster
    }
