"""Builds Pudong: Ehai with its old people, 145 markets with stewards and as many front warehouses (PD)."""

from __future__ import annotations

from lastmetre.scenarios import settling, staffing, stocking, towns
from lastmetre.scenarios.catalogue import SELLS, add_goods
from lastmetre.scenarios.codes import (
    Need,
    OrganisationKind,
    PlaceKind,
    PointKind,
    Regime,
    Risk,
    Role,
    SupplierKind,
    TeamKind,
)
from lastmetre.scenarios.draft import Draft
from lastmetre.scenarios.geometry import Area, Ground
from lastmetre.scenarios.goods_rows import OfferRow, Product
from lastmetre.scenarios.place_rows import Place, Point, RegimeRow
from lastmetre.scenarios.world import World

ORIGIN = Ground(121.58, 31.13)
WAREHOUSES = ("社区活动中心", "党群服务中心", "闲置商铺", "供销超市")
"""What front warehouses were before (PD3); the last were converted shops of the cooperative."""
CLERKS = 12
SQUAD_SIZES = {TeamKind.SUPPLY: 10, TeamKind.TRANSPORT: 6, TeamKind.DUTY: 4}
BELOW = stocking.Kept(30, dearest=1.04, cheapest=0.92)
"""All below the benchmark, which stands a tenth above the reference (PD2b)."""


def build(seed: int) -> World:
    """Build the world."""
    draft = Draft("pudong", seed, origin=ORIGIN)
    draft.directory.reserve("塘桥街道", "峨海小区")
    root, markets = _places(draft)
    ehai = _ehai(draft)
    office = staffing.organisation(draft, OrganisationKind.GOVERNMENT, "commerce", "浦东新区商务委", root)
    staffing.staff_root(draft, root, office)
    staffing.staff_offices(draft)
    _ehai_people(draft, ehai)
    goods = add_goods(draft)
    _cooperative(draft, root, goods)
    _markets(draft, markets)
    return draft.world()


def _places(draft: Draft) -> tuple[str, list[str]]:
    """Add the covered towns: the urban north above the rural south; return the places with a market."""
    root = draft.place(PlaceKind.DISTRICT, draft.name, "浦东新区", Area(-15_000, -20_000, 30_000, 40_000))
    north, south = Area(-15_000, 4_000, 30_000, 16_000), Area(-15_000, -20_000, 30_000, 24_000)
    urban = draft.sheet.rest["subdistricts"]
    streets = towns.fill(
        draft, root, PlaceKind.SUBDISTRICT, urban, named=[towns.Named("tangqiao", "塘桥街道")], area=north
    )
    rural = towns.fill(draft, root, PlaceKind.TOWNSHIP, draft.sheet["towns"] - urban, area=south)
    communities = []
    for street, share in zip(streets, towns.deal(draft.sheet["communities"], urban), strict=True):
        named = [towns.Named("ehai-community", "峨海居民区")] if street.endswith("tangqiao") else []
        communities += towns.fill(draft, street, PlaceKind.COMMUNITY, share, named=named)
    for community in communities[1:]:
        towns.fill(draft, community, PlaceKind.COMPOUND, 1, heads=(900, 3200))
    villages = [
        village
        for town, share in zip(rural, towns.deal(draft.sheet.rest["villages"], len(rural)), strict=True)
        for village in towns.fill(draft, town, PlaceKind.VILLAGE, share)
    ]
    village_groups = [
        group
        for village, share in zip(
            villages, towns.deal(draft.sheet["village_groups"], len(villages)), strict=True
        )
        for group in towns.fill(
            draft, village, PlaceKind.VILLAGE_GROUP, share, heads=(120, 640), numbered="第"
        )
    ]
    states = [(Regime.PRECAUTION, Risk.LOW), (Regime.CONTROL, Risk.MEDIUM), (Regime.SEALED, Risk.HIGH)]
    for index, place in enumerate([*communities[1:], *villages]):
        regime, risk = states[index % 3]  # PD9: every third is handled differently; invented
        draft.add(RegimeRow(place, regime, risk, draft.date(-19), None, "三区划分"))
    return root, [*communities, *village_groups]


def _ehai(draft: Draft) -> str:
    community = next(place.key for place in draft.rows(Place) if place.name == "峨海居民区")
    key = draft.key("ehai")
    area = draft.areas[community].centred(420, 340)
    draft.place(PlaceKind.COMPOUND, key, "峨海小区", area, parent=community, aliases=("峨海",))
    names = [str(number) for number in range(1, 41)]
    blocks = [settling.Block(name, ("1", "2"), floors=6, has_lift=False, runs_through=True) for name in names]
    flats = settling.build(draft, key, blocks)
    settled = settling.settle(
        draft,
        key,
        flats,
        households=draft.sheet["households"],
        needs={
            Need.LIVES_ALONE: draft.sheet["living_alone"],
            Need.OVER_60: draft.sheet["over_60"],
            Need.NO_SMARTPHONE: 140,
        },
    )
    settling.furnish(draft, key, hands=10)
    draft.add(
        RegimeRow(key, Regime.SEALED, Risk.HIGH, draft.date(-37), draft.date(-10), "封闭管理"),
        RegimeRow(key, Regime.CONTROL, Risk.MEDIUM, draft.date(-10), None, "足不出区，楼组长统计采购"),
    )
    staffing.name_carers(draft, key, settled)
    staffing.sign_in(draft, next(one for one in settled if Need.LIVES_ALONE in one.needs))
    return key


def _ehai_people(draft: Draft, ehai: str) -> None:
    staffing.staff_compound(draft, ehai)
    committee = staffing.organisation(draft, OrganisationKind.VOLUNTEERS, "ehai-helpers", "峨海志愿者", ehai)
    for team in staffing.squads(draft, ehai, SQUAD_SIZES, [committee], "PD9a").values():
        staffing.shifts(draft, team, (("09:00", "11:30"), ("14:00", "16:30")))


def _cooperative(draft: Draft, root: str, goods: dict[str, Product]) -> None:
    """Let the cooperative sell below the benchmark (PD2b), with an own choice for south and north (PD10)."""
    seller = stocking.supplier(
        draft,
        SupplierKind.COOPERATIVE,
        "cooperative",
        root,
        name="浦东供销（演示）",
        clerks=CLERKS,
        is_key=True,
    )
    stocking.capacity(draft, seller)
    stocking.offers(draft, seller, root, goods, BELOW)
    on_sale = {offer.product for offer in draft.rows(OfferRow)}
    added = draft.sheet.rest["fresh_added"]
    farm = stocking.supplier(draft, SupplierKind.PRODUCER, "farm", root)
    for one in goods.values():
        if one.category in added and one.key not in on_sale and one.category in SELLS[farm.kind]:
            stocking.offers(draft, farm, root, {one.code: one}, stocking.Kept(1, dearest=1.0))
    for number in range(4):  # large supermarkets join the model; so many is invented
        stocking.supplier(draft, SupplierKind.SUPERMARKET, f"supermarket-{number + 1}", root)
    for _ in range(6):
        staffing.person(draft, Role.DRIVER, at=seller.organisation)
    for place in draft.rows(Place):
        if place.kind in (PlaceKind.SUBDISTRICT, PlaceKind.TOWNSHIP):
            area = "north" if place.kind is PlaceKind.SUBDISTRICT else "south"
            stocking.assortment(draft, place.key, goods, draft.sheet.rest[f"not_in_the_{area}"])


def _markets(draft: Draft, places: list[str]) -> None:
    """Open a market with its steward in every covered place (PD4), and the front warehouses (PD3)."""
    assert len(places) == draft.sheet["front_warehouses"]
    for number, place in enumerate(places, start=1):
        area, name = draft.areas[place], draft.titles[place]
        steward = staffing.person(draft, Role.MARKET_STEWARD, place=place)
        spot = draft.ground.spot(area.at(0.4, 0.5))
        draft.add(
            Point(
                f"{place}/market", PointKind.MARKET_POINT, place, f"{name}暖心市集", spot, "08:30", steward
            ),
            Point(
                f"{place}/warehouse",
                PointKind.FRONT_WAREHOUSE,
                place,
                f"{number}号前置仓（{WAREHOUSES[number % len(WAREHOUSES)]}）",
                draft.ground.spot(area.at(0.8, 0.8)),
                keeper=draft.key("suppliers", "cooperative"),
            ),
        )
