"""Builds a campus: the east gate with its shelf, four unloading points, four teams (SQ)."""

from __future__ import annotations

from lastmetre.scenarios import settling, staffing, stocking
from lastmetre.scenarios.catalogue import add_goods
from lastmetre.scenarios.codes import (
    SQUADS,
    OrganisationKind,
    PlaceKind,
    PointKind,
    Regime,
    Risk,
    Role,
    ServiceMode,
    SupplierKind,
)
from lastmetre.scenarios.draft import Draft
from lastmetre.scenarios.geometry import Area, Ground, area_around
from lastmetre.scenarios.goods_rows import Product
from lastmetre.scenarios.place_rows import Building, Compound, Gate, Point, RegimeRow, UnloadingPoint
from lastmetre.scenarios.world import World

ORIGIN = Ground(118.29, 33.94)
HEADS_A_ROOM = (4, 4, 4, 5, 6, 6)
BUILDING_BESIDE_M = {"west": (45, 0), "east": (-45, 0), "north": (0, -35)}
"""From an unloading point on that side to the middle of its building, metres east and north."""
KITCHENS = (("canteen-1-2", "一、二餐"), ("canteen-7", "七餐"), ("jd", "京东超市"), ("tmall", "天猫校园"))
"""Where the goods go: canteens and shops that stand beside the unloading points."""


def build(seed: int) -> World:
    """Build the world."""
    draft = Draft("suqian", seed, origin=ORIGIN)
    root = draft.place(PlaceKind.DISTRICT, draft.name, "宿迁中心城区", area_around(6_000, 5_000))
    area = draft.areas[root].centred(2_600, 2_200)
    street = draft.place(
        PlaceKind.SUBDISTRICT, draft.key("s1"), draft.invented("subdistrict"), area, parent=root
    )
    community = draft.place(
        PlaceKind.COMMUNITY, draft.key("s1", "c1"), "大学城社区", area.centred(1_600, 1_300), parent=street
    )
    campus = _campus(draft, community)
    school = staffing.organisation(draft, OrganisationKind.SCHOOL, "logistics", "后勤管理处", campus)
    staffing.staff_root(
        draft,
        root,
        staffing.organisation(draft, OrganisationKind.GOVERNMENT, "command", "疫情防控指挥部", root),
    )
    staffing.staff_offices(draft)
    staffing.staff_compound(draft, campus, property_name="生活服务中心")
    staffing.groups(
        draft, campus, draft.sheet.rest["teams"], Role.VETTER, size=draft.sheet.rest["team_size"], row="SQ10"
    )
    for _ in range(6):
        staffing.person(draft, Role.RECEIVER, place=campus, works_for=school)
    helpers = staffing.organisation(draft, OrganisationKind.VOLUNTEERS, "students", "学生志愿者", campus)
    for team in staffing.squads(draft, campus, dict.fromkeys(SQUADS, 6), [helpers], "YC5").values():
        staffing.shifts(draft, team, (("07:30", "09:00"), ("16:30", "18:00")))
    _suppliers(draft, campus, add_goods(draft))
    return draft.world()


def _campus(draft: Draft, community: str) -> str:
    campus = draft.key("campus")
    area = draft.areas[community].centred(1_200, 900)
    draft.place(PlaceKind.CAMPUS, campus, draft.sheet.title, area, parent=community, aliases=("学院", "学校"))
    rest = draft.sheet.rest
    east = Area(area.west + area.width * 0.72, area.south, area.width * 0.22, area.depth * 0.7)
    draft.areas[campus] = east  # dormitories stand in the east; the whole ground is set again below
    names = [f"S{number}" for number in range(1, rest["dormitories"] + 1)]
    blocks = [
        settling.Block(
            name, (), rest["floors"], doors=rest["doors"], has_lift=False, aliases=(f"{name}宿舍",)
        )
        for name in names
    ]
    flats = settling.build(draft, campus, blocks)
    draft.areas[campus] = area
    sizes = draft.rng.choices(HEADS_A_ROOM, k=len(flats))
    settled = settling.settle(
        draft, campus, flats, households=len(flats), sizes=sizes, needs=dict.fromkeys(settling.USUAL_NEEDS, 0)
    )
    staffing.sign_in(draft, settled[0])
    for (slug, name), point in zip(KITCHENS, rest["points"], strict=True):
        east_m, north_m = area.at(point["across"], point["along"])
        beside_m = BUILDING_BESIDE_M[point["side"]]
        ground = Area(east_m + beside_m[0] - 30, north_m + beside_m[1] - 20, 60, 40)
        key = draft.place(PlaceKind.BUILDING, f"{campus}/{slug}", name, ground, parent=campus)
        draft.add(Building(key, 2, False))
    _gate(draft, campus, area)
    return campus


def _gate(draft: Draft, campus: str, area: Area) -> None:
    spot = draft.ground.spot
    draft.add(
        Compound(campus, hands_per_wave=24, waves_per_day=2),
        Gate(f"{campus}/gate-east", campus, "东大门", spot(area.at(1, 0.5))),
        Point(f"{campus}/shelf", PointKind.SHELF, campus, "东大门接驳区地架", spot(area.at(1.02, 0.52))),
        Point(
            f"{campus}/delivery-point",
            PointKind.DELIVERY_POINT,
            campus,
            "学院配送点",
            spot(area.at(0.95, 0.5)),
        ),
        *(
            UnloadingPoint(
                f"{campus}/unloading-{number}",
                campus,
                number,
                f"{number}号卸货点（{point['name']}）",
                spot(area.at(point["across"], point["along"])),
            )
            for number, point in enumerate(draft.sheet.rest["points"], start=1)
        ),
        RegimeRow(draft.name, Regime.CONTROL, Risk.MEDIUM, draft.date(-9), None, "静态管理"),
        RegimeRow(campus, Regime.PRECAUTION, Risk.LOW, draft.date(-40), draft.date(-9), "校园防范"),
        RegimeRow(campus, Regime.SEALED, Risk.HIGH, draft.date(-9), None, "校园封闭管理，外防输入"),
    )


def _suppliers(draft: Draft, campus: str, goods: dict[str, Product]) -> None:
    """Let bulk suppliers enter with their passes; small sellers stop at the shelf (SQ1, SQ8)."""
    rest = draft.sheet.rest
    for number in range(1, rest["bulk_suppliers"] + 1):
        seller = stocking.supplier(
            draft, SupplierKind.SUPERMARKET, f"bulk-{number}", draft.name, is_key=True, clerks=2
        )
        stocking.capacity(draft, seller)
        stocking.contract(draft, seller, campus, ServiceMode.DIRECT)
        stocking.offers(draft, seller, campus, goods, stocking.Kept(16))
        staffing.person(draft, Role.DRIVER, at=seller.organisation)
    for number in range(1, rest["small_suppliers"] + 1):
        seller = stocking.supplier(draft, SupplierKind.SMALL_SHOP, f"shop-{number}", draft.name)
        stocking.contract(draft, seller, campus, ServiceMode.OPEN)
        stocking.offers(draft, seller, campus, goods, stocking.Kept(8))
