"""Builds the district around Kaiyuan Licheng: 24 carts, a crowded compound, sale points, suppliers (ER)."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import yaml

from lastmetre.scenarios import settling, staffing, stocking, towns
from lastmetre.scenarios.catalogue import add_goods
from lastmetre.scenarios.codes import (
    OrganisationKind,
    PlaceKind,
    PointKind,
    Regime,
    Risk,
    Role,
    ServiceMode,
    SupplierKind,
    TeamKind,
)
from lastmetre.scenarios.draft import Draft
from lastmetre.scenarios.geometry import Ground, area_around
from lastmetre.scenarios.goods_rows import OfferRow, PackageLine, Product, Substitute, Supplier
from lastmetre.scenarios.place_rows import Cart, Compound, Grid, Household, Place, Point, RegimeRow
from lastmetre.scenarios.world import World
from lastmetre.terms import Household as Lived

from . import generate

ORIGIN = Ground(113.64, 34.72)
SUBDISTRICTS, COMMUNITIES, COMPOUNDS = 8, 4, 3
"""So many places of each kind stand in the district, in each sub-district, in each community; invented."""
WAVES = (("08:30", "11:00"), ("14:30", "17:00"))
SQUAD_SIZES = {
    TeamKind.PERSUASION: 2,
    TeamKind.SUPPLY: 12,
    TeamKind.TRANSPORT: 12,
    TeamKind.DUTY: 4,
    TeamKind.PATROL: 2,
}


def build(seed: int) -> World:
    """Build the world; the people of Kaiyuan Licheng stay those of roster.xlsx, whatever the seed."""
    _, lived = generate.settle(random.Random(generate.SEED))
    draft = Draft("erqi", seed, origin=ORIGIN, taken_phones=[one.phone for one in lived])
    communities = _district(draft)
    licheng = _licheng(draft, communities["changjianglu"][0], lived)
    xinyuan = _xinyuan(draft, communities["jianzhongjie"][0])
    yards = _yards(draft, communities["minggonglu"][0])
    for own in communities.values():
        for community in own[1:]:
            towns.fill(draft, community, PlaceKind.COMPOUND, COMPOUNDS, heads=(600, 2600))
    _regimes(draft, licheng, [xinyuan, *yards])
    _offices(draft, licheng)
    goods = add_goods(draft)
    _local_offer(draft, licheng)
    _suppliers(draft, goods, yards)
    _sale_points(draft, xinyuan, [one for own in communities.values() for one in own])
    stocking.caps(draft, draft.name, goods)
    return draft.world()


def _district(draft: Draft) -> dict[str, list[str]]:
    root = draft.place(PlaceKind.DISTRICT, draft.name, "二七区", area_around(12_000, 9_000))
    named = [towns.Named(*entry) for entry in draft.sheet.rest["subdistricts"]]
    streets = towns.fill(draft, root, PlaceKind.SUBDISTRICT, SUBDISTRICTS, named=named)
    last = towns.Named("wanda", "二七万达社区")  # ER15a: links and QR codes sent to its owner groups
    return {
        street.rpartition("/")[2]: towns.fill(
            draft, street, PlaceKind.COMMUNITY, COMMUNITIES, named=[last] if street == streets[-1] else ()
        )
        for street in streets
    }


def _licheng(draft: Draft, community: str, lived: list[Lived]) -> str:
    key = draft.key("licheng")
    area = draft.areas[community].centred(360, 240)
    data = yaml.safe_load((generate.HERE / "compound.yaml").read_text(encoding="utf-8"))
    draft.directory.reserve(data["name"])
    draft.place(PlaceKind.COMPOUND, key, data["name"], area, parent=community, aliases=tuple(data["aliases"]))
    blocks = [
        settling.Block(
            str(entry["name"]),
            tuple(map(str, entry["units"])),
            entry["floors"],
            has_lift=entry["lift"],
            aliases=tuple(entry["aliases"]),
            runs_through=True,
        )
        for entry in data["buildings"]
    ]
    settling.build(draft, key, blocks)
    needs = settling.coded_needs(draft.rng, [one.head_count or 2 for one in lived])
    settled = [
        Household(
            key=f"{key}/{one.home.building}/{one.home.unit}/{one.home.room}",
            place=f"{key}/{one.home.building}/{one.home.unit}",
            room=one.home.room,
            floor=one.floor,
            name=one.name,
            phone=one.phone,
            head_count=one.head_count,
            needs=coded,
        )
        for one, coded in zip(lived, needs, strict=True)
    ]
    draft.add(*settled)
    settling.count_heads(draft, key, settled)
    settling.furnish(draft, key, hands=draft.sheet["volunteers"] // 2, waves=draft.sheet["waves"])
    compounds = draft.rows(Compound)
    compounds[-1] = replace(compounds[-1], lanes=tuple(map(str, data["lanes"])))
    units = [place.key for place in draft.rows(Place) if place.kind is PlaceKind.UNIT]
    draft.add(*(Cart(key, number, unit) for number, unit in enumerate(units, start=1)))
    for name, numbers in (("一", "1234"), ("二", "5678")):
        members = tuple(f"{key}/{number}" for number in numbers)
        grid = Grid(f"{key}/grid-{numbers[0]}", community, f"丽城第{name}片区", members)
        draft.add(grid)
        staffing.person(draft, Role.GRID_WORKER, place=community, grid=grid.key)
    without_grid_worker = [role for role in staffing.COMPOUND_ROLES if role is not Role.GRID_WORKER]
    staffing.staff_compound(draft, key, roles=without_grid_worker)
    community_office = staffing.organisation(
        draft, OrganisationKind.VOLUNTEERS, "licheng-care", "长江路街道结对关爱组", community
    )
    staffing.name_carers(draft, key, settled, community_office)
    staffing.sign_in(draft, settled[0])
    return key


def _xinyuan(draft: Draft, community: str) -> str:
    key = draft.key("xinyuan")
    draft.place(
        PlaceKind.COMPOUND, key, "鑫苑现代城", draft.areas[community].centred(420, 320), parent=community
    )
    names = [str(number) for number in range(1, 15)]
    flats = settling.build(draft, key, settling.blocks(names, units=2, floors=27))
    settled = settling.settle(
        draft,
        key,
        flats,
        households=draft.sheet["crowded_households"],
        heads=draft.sheet["crowded_people"],
    )
    settling.furnish(draft, key, hands=20)
    staffing.staff_compound(draft, key)
    staffing.name_carers(draft, key, settled)
    return key


def _yards(draft: Draft, community: str) -> list[str]:
    entries = draft.sheet.rest["merchant_yards"]
    tiles = draft.areas[community].tiles(len(entries))
    return [
        draft.place(
            PlaceKind.COMPOUND, draft.key(slug), name, tile, parent=community, households=120, heads=310
        )
        for (slug, name), tile in zip(entries, tiles, strict=True)
    ]


def _regimes(draft: Draft, licheng: str, without_cases: list[str]) -> None:
    root = draft.name
    draft.add(
        RegimeRow(root, Regime.OPEN, Risk.LOW, draft.date(-60), draft.date(-9), "正常经营"),
        RegimeRow(root, Regime.PRECAUTION, Risk.MEDIUM, draft.date(-9), None, "全区防范，错峰购物"),
        RegimeRow(licheng, Regime.CONTROL, Risk.MEDIUM, draft.date(-7), draft.date(-4), "人不出区"),
        RegimeRow(licheng, Regime.SEALED, Risk.HIGH, draft.date(-4), None, "出现病例，足不出户"),
        *(
            RegimeRow(one, Regime.CONTROL, Risk.MEDIUM, draft.date(-5), None, "无确诊病例，设临时售卖点")
            for one in without_cases
        ),
    )


def _offices(draft: Draft, licheng: str) -> None:
    root = draft.name
    office = staffing.organisation(draft, OrganisationKind.GOVERNMENT, "task-force", "区保供专班", root)
    lines = draft.sheet["first_hotline"] + draft.sheet["more_hotlines"]
    staffing.staff_root(draft, root, office, operators=lines)
    staffing.staff_offices(draft)
    members = []
    for slug, name in draft.sheet.rest["departments"]:
        department = staffing.organisation(draft, OrganisationKind.DEPARTMENT, slug, name, root)
        members.append(staffing.person(draft, Role.COMMANDER, place=root, works_for=department))
    staffing.group(
        draft, TeamKind.TASK_FORCE, root, "task-force", "区保供专班", duty="供应、运输、下单、配送闭环",
        members=members, row="ER1",
    )  # fmt: skip
    helpers = [
        staffing.organisation(draft, OrganisationKind.VOLUNTEERS, slug, name, licheng)
        for slug, name in draft.sheet.rest["helpers"]
    ]
    assert sum(SQUAD_SIZES.values()) == draft.sheet["volunteers"]
    for team in staffing.squads(draft, licheng, SQUAD_SIZES, helpers, "ER5").values():
        staffing.shifts(draft, team, WAVES)


def _local_product(draft: Draft, seller: Supplier, good: dict[str, Any], more: dict[str, Any]) -> Product:
    return Product(
        key=draft.key("goods", good["code"]),
        code=f"licheng-{good['code']}",
        name=good["name"],
        category=more["category"],
        specification=good["specification"],
        unit=good["unit"],
        reference_fen=round(good["price_yuan"] * 100),
        aliases=tuple(good["aliases"]),
        step=Decimal(str(good.get("step", 1))),
        weight_g=good["weight_g"],
        volume_ml=good["volume_ml"],
        case_size=good.get("case_size"),
        keeps_days=more.get("keeps_days"),
        disinfection="none" if more.get("fresh") else "spray",
        temperature=more.get("temperature", "ambient"),
        is_package="contents" in good,
        owner=seller.key,
    )


def _local_offer(draft: Draft, licheng: str) -> None:
    """Put offer.yaml and stock.yaml on sale in Kaiyuan Licheng, so that chat and workbook can be read."""
    offer = yaml.safe_load((generate.HERE / "offer.yaml").read_text(encoding="utf-8"))
    stock = yaml.safe_load((generate.HERE / "stock.yaml").read_text(encoding="utf-8"))
    seller = stocking.supplier(
        draft, SupplierKind.SMALL_SHOP, "xiandaojia", licheng, name=offer["supplier"], clerks=2, is_key=True
    )
    stocking.capacity(draft, seller)
    stocking.contract(draft, seller, licheng, ServiceMode.DIRECT, linked=True)
    for good in offer["goods"]:
        made = _local_product(draft, seller, good, draft.sheet.rest["offer"][good["code"]])
        draft.add(made)
        for number, part in enumerate(good.get("contents", "").split(), start=1):
            draft.add(PackageLine(made.key, number, part))
        for code in good.get("substitutes", ()):
            draft.add(Substitute(made.key, draft.key("goods", code), Decimal(1)))
        draft.add(
            OfferRow(
                key=f"{seller.key}/offers/{good['code']}",
                supplier=seller.key,
                product=made.key,
                area=licheng,
                price_fen=made.reference_fen,
                stock=stock[good["code"]],
                opens=draft.time(-1, "20:00"),
                closes=draft.time(stocking.OFFERED_DAYS - 1, "16:30"),
                limit=good.get("limit"),
                code=good["code"],
            )
        )


def _suppliers(draft: Draft, goods: dict[str, Product], yards: list[str]) -> None:
    root = draft.name
    in_contact = draft.sheet["contact_supermarkets"]
    for number in range(draft.sheet["guide_supermarkets"]):
        seller = stocking.supplier(
            draft, SupplierKind.SUPERMARKET, f"supermarket-{number + 1}", root, is_key=number < in_contact
        )
        stocking.capacity(draft, seller)
        stocking.contract(draft, seller, root, ServiceMode.OPEN, linked=True)  # ER15a
        stocking.offers(draft, seller, root, goods, stocking.Kept(18))
    _dear_package(draft, seller)
    for number in range(draft.sheet["contact_platforms"]):
        seller = stocking.supplier(draft, SupplierKind.PLATFORM, f"platform-{number + 1}", root)
        stocking.contract(draft, seller, root, ServiceMode.OPEN, linked=True)
        stocking.offers(draft, seller, root, goods, stocking.Kept(8))
    for number in range(draft.sheet["wholesale_markets"]):
        market = stocking.supplier(draft, SupplierKind.WHOLESALE_MARKET, f"market-{number + 1}", root)
        stocking.capacity(draft, market)
        staffing.person(draft, Role.DRIVER, at=market.organisation)
    merchant = stocking.supplier(draft, SupplierKind.FARM_MARKET, "merchant", root, name="侯寨菜商（虚构）")
    stocking.offers(draft, merchant, root, goods, stocking.Kept(10))
    for yard in yards:
        spot = draft.ground.spot(draft.areas[yard].middle)
        name = f"{draft.titles[yard]}临时售卖点"
        opens = f"{draft.sheet['merchant_hour']:02}:00"
        draft.add(
            Point(f"{yard}/sale-point", PointKind.TEMPORARY_SALE_POINT, yard, name, spot, opens, merchant.key)
        )


def _dear_package(draft: Draft, seller: Supplier) -> None:
    """Let one supermarket ask more for its vegetable pack than for what is in it: work for the inspector (ER10)."""
    offers = draft.rows(OfferRow)
    index = next(index for index, one in enumerate(offers) if one.key == f"{seller.key}/offers/X1")
    offers[index] = replace(offers[index], price_fen=offers[index].price_fen * 3 // 2)


def _sale_points(draft: Draft, xinyuan: str, communities: list[str]) -> None:
    """Set up the district's temporary sale points (ER14): the crowded compound's, the yards', the others."""
    spot = draft.ground.spot(draft.areas[xinyuan].at(0.5, 0.1))
    name = "鑫苑现代城空地临时售卖点"
    draft.add(Point(f"{xinyuan}/sale-point", PointKind.TEMPORARY_SALE_POINT, xinyuan, name, spot, "08:00"))
    standing = sum(point.kind is PointKind.TEMPORARY_SALE_POINT for point in draft.rows(Point))
    shares = towns.deal(draft.sheet["sale_points"] - standing, len(communities))
    for community, share in zip(communities, shares, strict=True):
        for number, point in enumerate(stocking.spread(draft.areas[community], share), start=1):
            draft.add(
                Point(
                    f"{community}/sale-point-{number}",
                    PointKind.TEMPORARY_SALE_POINT,
                    community,
                    f"{draft.titles[community]}{number}号采买点",
                    draft.ground.spot(point),
                )
            )
