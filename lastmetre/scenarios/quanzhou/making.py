"""Builds Quanzhou: 58 supermarkets, 218 compounds by property office, mobile markets, urban villages (QZ)."""

from __future__ import annotations

from lastmetre.scenarios import settling, staffing, stocking, towns
from lastmetre.scenarios.catalogue import add_goods
from lastmetre.scenarios.codes import (
    SQUADS,
    Need,
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
from lastmetre.scenarios.goods_rows import Assortment, Product
from lastmetre.scenarios.place_rows import Grid, Place, Point, RegimeRow
from lastmetre.scenarios.world import World

ORIGIN = Ground(118.60, 24.88)
STREETS, COMMUNITIES = 5, 6
"""So many sub-districts a central district, communities a sub-district; invented."""
NEEDY = {"licheng": 16, "fengze": 14, "jinjiang": 14}
MARKET_STOPS = {"fengze": 20, "licheng": 20, "jinjiang": 15}
FENGZE_HEADS_AND_WORKERS = 29
"""Of the 205 in Fengze Xincun: 16 building heads and 13 community workers; the others form the squads."""
WAVES = (("08:30", "11:30"), ("15:00", "18:00"))


def build(seed: int) -> World:
    """Build the world."""
    draft = Draft("quanzhou", seed, origin=ORIGIN)
    root = draft.place(PlaceKind.CITY, draft.name, "泉州市", area_around(48_000, 36_000))
    draft.directory.reserve("丰泽新村", "滨江花园", "霞淮社区", "圣湖社区")
    centre, villages = _districts(draft, root)
    _chendai_and_towns(draft, villages)
    _compounds(draft, centre)
    fengze = _named_compounds(draft)
    _urban_villages(draft)
    _regimes(draft, fengze)
    staffing.staff_root(
        draft,
        root,
        staffing.organisation(draft, OrganisationKind.GOVERNMENT, "supply-group", "物资保障组", root),
    )
    staffing.staff_offices(draft)
    compounds = [place for place in draft.rows(Place) if place.kind is PlaceKind.COMPOUND]
    for place in compounds:
        roles = staffing.COMPOUND_ROLES if place.key == fengze else (Role.PROPERTY_OFFICE, Role.LIAISON)
        staffing.staff_compound(draft, place.key, roles=roles)
    _fengze_helpers(draft, fengze)
    goods = add_goods(draft)
    _zone(draft, goods, [place.key for place in compounds])
    _mobile_market(draft, root, goods)
    stocking.caps(draft, root, goods)
    return draft.world()


def _districts(draft: Draft, root: str) -> tuple[dict[str, list[str]], list[str]]:
    entries = draft.sheet.rest["districts"]
    named = [towns.Named(entry["slug"], entry["name"]) for entry in entries]
    keys = towns.fill(draft, root, PlaceKind.DISTRICT, len(named), named=named)
    centre = {}
    for key, entry in zip(keys, entries, strict=True):
        if "compounds" in entry:
            streets = towns.fill(draft, key, PlaceKind.SUBDISTRICT, STREETS)
            own = [towns.Named("xiahuai", "霞淮社区"), towns.Named("shenghu", "圣湖社区")]
            centre[entry["slug"]] = [
                community
                for street in streets
                for community in towns.fill(
                    draft,
                    street,
                    PlaceKind.COMMUNITY,
                    COMMUNITIES,
                    named=own if entry["slug"] == "fengze" and street == streets[0] else (),
                )
            ]
    return centre, [key for key, entry in zip(keys, entries, strict=True) if "compounds" not in entry]


def _chendai_and_towns(draft: Draft, outer: list[str]) -> None:
    """Fill the outer districts; Chendai has the villages that the mobile market served (QZ6b)."""
    for district in outer:
        named = [towns.Named("chendai", "陈埭镇")] if district.endswith("jinjiang") else []
        for town in towns.fill(draft, district, PlaceKind.TOWNSHIP, 3, named=named):
            count = draft.sheet["served_villages"] if town.endswith("chendai") else 8
            towns.fill(draft, town, PlaceKind.VILLAGE, count, heads=(900, 4200))


def _compounds(draft: Draft, centre: dict[str, list[str]]) -> None:
    """Give the central districts the counted compounds, head counts only; two of them are named."""
    for entry in draft.sheet.rest["districts"]:
        communities = centre.get(entry["slug"], [])
        named = {
            "fengze": [towns.Named("xincun", "丰泽新村")],
            "licheng": [towns.Named("binjiang", "滨江花园")],
        }
        for index, share in enumerate(towns.deal(entry.get("compounds", 0), len(communities) or 1)):
            own = named.get(entry["slug"], []) if index == 2 else []
            if share:
                towns.fill(draft, communities[index], PlaceKind.COMPOUND, share, named=own, heads=(380, 2400))


def _named_compounds(draft: Draft) -> str:
    """Settle the two compounds that the source names; return the sealed one."""
    keys: dict[str, str] = {place.name: place.key for place in draft.rows(Place)}
    fengze, binjiang = keys["丰泽新村"], keys["滨江花园"]
    names = [str(number) for number in range(1, 17)]
    flats = settling.build(draft, fengze, settling.blocks(names, units=2, floors=6, has_lift=False))
    settled = settling.settle(draft, fengze, flats, households=372)
    settling.furnish(draft, fengze, hands=60, two_parts="building-room")
    staffing.name_carers(draft, fengze, settled)
    old_man = next(one for one in settled if {Need.LIVES_ALONE, Need.OVER_80} <= {*one.needs})
    staffing.sign_in(draft, old_man)  # QZ12: 84 years old and alone, three meals a day
    names = [str(number) for number in range(1, 7)]
    flats = settling.build(draft, binjiang, settling.blocks(names, units=2, floors=18))
    settling.settle(draft, binjiang, flats, households=410)
    settling.furnish(draft, binjiang, hands=14)
    return fengze


def _urban_villages(draft: Draft) -> None:
    """Add the urban villages whose needy households get free packages (QZ7)."""
    assert sum(NEEDY.values()) == draft.sheet["needy_places"]
    for slug, count in NEEDY.items():
        hosts = [
            place.key
            for place in draft.rows(Place)
            if place.key.startswith(draft.key(slug))
            and place.kind in (PlaceKind.COMMUNITY, PlaceKind.VILLAGE)
        ][-count:]
        for host in hosts:
            middle = draft.areas[host].centred(draft.areas[host].width / 5, draft.areas[host].depth / 5)
            towns.fill(draft, host, PlaceKind.URBAN_VILLAGE, 1, heads=(200, 1500), area=middle)


def _regimes(draft: Draft, fengze: str) -> None:
    keys = {place.name: place.key for place in draft.rows(Place)}
    draft.add(
        RegimeRow(draft.name, Regime.PRECAUTION, Risk.LOW, draft.date(-24), None, "减少外出，保供稳价"),
        RegimeRow(keys["丰泽区"], Regime.CONTROL, Risk.MEDIUM, draft.date(-20), None, "人不出区，严禁聚集"),
        RegimeRow(fengze, Regime.CONTROL, Risk.MEDIUM, draft.date(-21), draft.date(-20), "先行管控"),
        RegimeRow(fengze, Regime.SEALED, Risk.HIGH, draft.date(-20), None, "首批封控，服务上门"),
        RegimeRow(keys["霞淮社区"], Regime.SEALED, Risk.HIGH, draft.date(-15), None, "封控，五个一"),
        RegimeRow(keys["圣湖社区"], Regime.CONTROL, Risk.MEDIUM, draft.date(-12), None, "管控，流动超市"),
    )


def _fengze_helpers(draft: Draft, fengze: str) -> None:
    """Bring seconded officials and community workers to their number (QZ12): a steward for every building."""
    heads = [row for row in draft.rows(Place) if row.kind is PlaceKind.BUILDING and row.parent == fengze]
    office = staffing.organisation(
        draft, OrganisationKind.COMMITTEE, "xincun-office", "丰泽新村工作专班", fengze
    )
    for _ in range(FENGZE_HEADS_AND_WORKERS - len(heads)):
        staffing.person(draft, Role.COMMUNITY_WORKER, place=fengze, works_for=office)
    officials = staffing.organisation(draft, OrganisationKind.GOVERNMENT, "officials", "下沉干部", fengze)
    shares = towns.deal(draft.sheet["officials"] - FENGZE_HEADS_AND_WORKERS, 5)
    sizes = dict(zip(SQUADS, shares, strict=True))
    for team in staffing.squads(draft, fengze, sizes, [officials], "QZ12").values():
        staffing.shifts(draft, team, WAVES, days=(0, 1))
    couriers = staffing.organisation(draft, OrganisationKind.COURIER, "couriers", "石狮快递驰援队（虚构）")
    riders = [
        staffing.person(draft, Role.DRIVER, place=draft.name, works_for=couriers)
        for _ in range(draft.sheet["couriers"])
    ]
    staffing.group(
        draft, TeamKind.TRANSPORT, draft.name, "couriers", "快递驰援队", duty="免费支援商超配送",
        members=riders, row="QZ15b",
    )  # fmt: skip


def _zone(draft: Draft, goods: dict[str, Product], compounds: list[str]) -> None:
    """Set up the outlets and their pledges (QZ4), and appoint a supermarket for every compound (QZ9a, QZ14)."""
    central = [draft.key("licheng"), draft.key("fengze"), draft.key("luojiang")]
    unpledged = draft.sheet["outlets"] - draft.sheet["pledges"]
    markets = []
    for number in range(draft.sheet["supermarkets"]):
        place = central[number % 2 if number < 50 else 2]
        seller = stocking.supplier(
            draft, SupplierKind.SUPERMARKET, f"supermarket-{number + 1}", place, is_key=True, clerks=2
        )
        stocking.capacity(draft, seller)
        stocking.offers(draft, seller, place, goods, stocking.Kept(20))
        markets.append(seller)
    load: dict[str, int] = {}
    for number, compound in enumerate(compounds):
        chosen = stocking.nearest(draft, compound, markets, load=load)
        stocking.contract(draft, chosen, compound, ServiceMode.PROPERTY)
        if number % 2 == 0 and number < 2 * draft.sheet["zoned_compounds"]:
            stocking.contract(draft, chosen, compound, ServiceMode.AREA, linked=True)
    others = draft.sheet.rest["other_outlets"]
    shops = [SupplierKind(kind) for kind, count in others.items() for _ in range(count)]
    assert len(shops) + len(markets) == draft.sheet["outlets"]
    for number, kind in enumerate(shops, start=1):
        name = {SupplierKind.MOBILE_CANTEEN: "移动食堂", SupplierKind.COOKED_MEALS: "熟食配送"}.get(kind, "")
        seller = stocking.supplier(
            draft,
            kind,
            f"outlet-{number}",
            central[number % 3],
            name=f"{name}{number}号（虚构）" if name else "",
            pledged=number > unpledged,
        )
        stocking.offers(draft, seller, seller.place, goods, stocking.Kept(8))


def _mobile_market(draft: Draft, root: str, goods: dict[str, Product]) -> None:
    """Send buses to their stops with seven vegetables (QZ6b), a grid with its five ones (QZ13), a station (QZ8)."""
    chendai = draft.key("jinjiang", "chendai")
    draft.add(*(Assortment(chendai, goods[code].key) for code in draft.sheet.rest["on_the_bus"]))
    places = [place for place in draft.rows(Place) if place.kind in (PlaceKind.COMMUNITY, PlaceKind.VILLAGE)]
    stops = [(chendai, point) for point in stocking.spread(draft.areas[chendai], draft.sheet["work_points"])]
    for slug, count in MARKET_STOPS.items():
        own = [one.key for one in places if one.key.startswith(draft.key(slug)) and chendai not in one.key]
        stops += [(key, draft.areas[key].middle) for key in own[:count]]
    for number, (place, point) in enumerate(stops, start=1):
        spot, name = draft.ground.spot(point), f"流动农贸市场{number}号点"
        draft.add(Point(f"{place}/stop-{number}", PointKind.MOBILE_STOP, place, name, spot, "09:00"))
    xiahuai = next(place.key for place in places if place.name == "霞淮社区")
    members = tuple(place.key for place in draft.rows(Place) if place.parent == xiahuai)
    draft.add(Grid(f"{xiahuai}/grid", xiahuai, "霞淮片区", members))
    fleet = staffing.organisation(draft, OrganisationKind.FLEET, "fleet", "应急保供车队", root)
    for _ in range(4):
        staffing.person(draft, Role.DRIVER, place=xiahuai, works_for=fleet)
    middle = draft.ground.spot(draft.areas[root].at(0.02, 0.5))
    draft.add(Point(draft.key("transit"), PointKind.TRANSIT_STATION, root, "跨区物资中转站", middle))
