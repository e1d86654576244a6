"""Builds Yu county: every regime and risk level side by side, with work groups, reserves and points (YX)."""

from __future__ import annotations

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
from lastmetre.scenarios.goods_rows import Product
from lastmetre.scenarios.place_rows import Point, RegimeRow
from lastmetre.scenarios.settling import Flat
from lastmetre.scenarios.world import World

ORIGIN = Ground(113.41, 38.09)
GROUP_SIZE = 3


def build(seed: int) -> World:
    """Build the world."""
    draft = Draft("yuxian", seed, origin=ORIGIN)
    root = draft.place(PlaceKind.COUNTY, draft.name, "盂县", area_around(36_000, 30_000))
    seat, *outer = towns.fill(
        draft,
        root,
        PlaceKind.TOWNSHIP,
        1 + draft.sheet.rest["towns"],
        named=[towns.Named("seat", "县城镇社区")],
    )
    compound, controlled = _seat(draft, seat)
    village = _villages(draft, outer)
    _regimes(draft, outer, compound=compound, village=village, controlled=controlled)
    _offices(draft, root)
    for sealed in (compound, village):
        _groups(draft, sealed, without=draft.sheet.rest["only_control"], row="YX14b")
    _groups(draft, controlled, without="", row="YX13b")
    staffing.staff_compound(draft, compound)
    _helpers(draft, compound)
    goods = add_goods(draft)
    _suppliers(draft, goods, [compound, village, controlled])
    _points(draft, root, [compound, village], controlled)
    stocking.caps(draft, root, goods)
    stocking.reserves(draft, root, draft.sheet.rest["reserve_heads"])
    return draft.world()


def _seat(draft: Draft, seat: str) -> tuple[str, str]:
    """Fill the county seat; return its sealed compound and its controlled community."""
    rest = draft.sheet.rest
    entry = rest["sealed_compound"]
    communities = towns.fill(draft, seat, PlaceKind.COMMUNITY, rest["communities"])
    for index, community in enumerate(communities):
        named = [towns.Named(entry["slug"], entry["name"])] if index == 0 else ()
        towns.fill(draft, community, PlaceKind.COMPOUND, rest["compounds"], named=named, heads=(500, 2600))
    compound = f"{communities[0]}/{entry['slug']}"
    names = [str(number) for number in range(1, 10)]
    flats = settling.build(draft, compound, settling.blocks(names, units=3, floors=6, has_lift=False))
    settled = settling.settle(draft, compound, flats, households=entry["households"])
    settling.furnish(draft, compound, hands=10)
    staffing.name_carers(draft, compound, settled)
    staffing.sign_in(draft, settled[0])
    return compound, communities[1]


def _villages(draft: Draft, outer: list[str]) -> str:
    """Fill the towns with villages; return the sealed one, whose households have doors but no buildings."""
    rest = draft.sheet.rest
    entry = rest["sealed_village"]
    for index, town in enumerate(outer):
        named = [towns.Named(entry["slug"], entry["name"])] if index == 0 else ()
        towns.fill(draft, town, PlaceKind.VILLAGE, rest["villages"], named=named, heads=(300, 1900))
    village = f"{outer[0]}/{entry['slug']}"
    doors = [Flat(village, f"{number}号", 1) for number in range(1, entry["households"] + 6)]
    settled = settling.settle(draft, village, doors, households=entry["households"])
    staffing.name_carers(draft, village, settled)
    return village


def _regimes(draft: Draft, outer: list[str], *, compound: str, village: str, controlled: str) -> None:
    """Put every regime and risk level in force somewhere, with what was before (YX2, YX11)."""
    root = draft.name
    draft.add(
        RegimeRow(root, Regime.OPEN, Risk.LOW, draft.date(-120), draft.date(-12), "正常营业"),
        RegimeRow(root, Regime.PRECAUTION, Risk.LOW, draft.date(-12), None, "防范：限流限距，日监测启动"),
        RegimeRow(controlled, Regime.CONTROL, Risk.MEDIUM, draft.date(-6), None, "管控：每户2天1人购物"),
        RegimeRow(compound, Regime.CONTROL, Risk.MEDIUM, draft.date(-8), draft.date(-5), "管控"),
        RegimeRow(compound, Regime.SEALED, Risk.HIGH, draft.date(-5), None, "封控：足不出户、服务上门"),
        RegimeRow(village, Regime.CONTROL, Risk.MEDIUM, draft.date(-5), draft.date(-3), "管控"),
        RegimeRow(village, Regime.SEALED, Risk.HIGH, draft.date(-3), None, "封控：足不出户、服务上门"),
        RegimeRow(outer[-1], Regime.OPEN, Risk.LOW, draft.date(-12), None, "低风险，正常营业"),
    )


def _offices(draft: Draft, root: str) -> None:
    """Set up the lead group and its departments (YX5)."""
    office = staffing.organisation(
        draft, OrganisationKind.GOVERNMENT, "lead-office", "应急供应领导组办公室", root
    )
    members = [staffing.staff_root(draft, root, office)]
    for slug, name in draft.sheet.rest["departments"]:
        department = staffing.organisation(draft, OrganisationKind.DEPARTMENT, slug, name, root)
        members.append(staffing.person(draft, Role.COMMANDER, place=root, works_for=department))
    staffing.group(
        draft, TeamKind.LEADING_GROUP, root, "lead", "生活必需品应急供应工作领导组",
        duty="指挥、组织、协调生活必需品供应和应急处置", members=members, row="YX5",
    )  # fmt: skip
    staffing.staff_offices(draft)


def _groups(draft: Draft, place: str, *, without: str, row: str) -> None:
    entries = [entry for entry in draft.sheet.rest["work_groups"] if entry["slug"] != without]
    staffing.groups(draft, place, entries, Role.COMMUNITY_WORKER, size=GROUP_SIZE, row=row)


def _helpers(draft: Draft, compound: str) -> None:
    """Bring helpers to the sealed compound: from the checkpoint to the door (YX14a)."""
    helpers = staffing.organisation(draft, OrganisationKind.VOLUNTEERS, "helpers", "秀园志愿者", compound)
    sizes = {TeamKind.SUPPLY: 6, TeamKind.TRANSPORT: 4, TeamKind.DUTY: 2}
    for team in staffing.squads(draft, compound, sizes, [helpers], "YX14a").values():
        staffing.shifts(draft, team, (("09:30", "12:00"), ("15:00", "17:00")))


def _suppliers(draft: Draft, goods: dict[str, Product], appointed: list[str]) -> None:
    """Add suppliers; supermarkets are appointed for the sealed and controlled areas (YX14c, YX15)."""
    root = draft.name
    for kind, count in draft.sheet.rest["suppliers"].items():
        for number in range(1, count + 1):
            key_supplier = kind in ("supermarket", "wholesale_market")
            name = f"农户{number}（虚构）" if kind == "farmer" else ""
            slug = f"{kind.replace('_', '-')}-{number}"
            seller = stocking.supplier(draft, SupplierKind(kind), slug, root, name=name, is_key=key_supplier)
            stocking.capacity(draft, seller)
            stocking.offers(draft, seller, root, goods, stocking.Kept(20 if key_supplier else 10))
            if kind == "supermarket":
                stocking.contract(
                    draft, seller, appointed[number % len(appointed)], ServiceMode.DIRECT, linked=number < 4
                )


def _points(draft: Draft, root: str, sealed: list[str], controlled: str) -> None:
    """Place emergency points (YX14a), sale points and vans (YX13a), and a transit station (YX9b)."""
    spot = draft.ground.spot
    for place in sealed:
        for number, where in enumerate(stocking.spread(draft.areas[place], 2), start=1):
            name = f"{draft.titles[place]}{number}号应急投放点"
            draft.add(
                Point(
                    f"{place}/emergency-{number}",
                    PointKind.EMERGENCY_POINT,
                    place,
                    name,
                    spot(where),
                    "10:00",
                )
            )
    area, name = draft.areas[controlled], draft.titles[controlled]
    draft.add(
        Point(
            f"{controlled}/sale-point",
            PointKind.TEMPORARY_SALE_POINT,
            controlled,
            f"{name}临时售卖点",
            spot(area.at(0.4, 0.5)),
            "08:00",
        ),
        Point(
            f"{controlled}/van",
            PointKind.MOBILE_STOP,
            controlled,
            f"{name}移动售货车",
            spot(area.at(0.7, 0.5)),
            "15:00",
        ),
        Point(
            draft.key("transit"),
            PointKind.TRANSIT_STATION,
            root,
            "县外物资中转站",
            spot(draft.areas[root].at(0.97, 0.1)),
        ),
    )
