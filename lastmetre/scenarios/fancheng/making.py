"""Builds Fancheng: 200 small shops, 6 platforms, 11 supermarkets, modes A, B and C, teams down to a compound (FC)."""

from __future__ import annotations

from collections.abc import Sequence

from lastmetre.scenarios import settling, staffing, stocking, towns
from lastmetre.scenarios.catalogue import add_goods
from lastmetre.scenarios.codes import (
    OrganisationKind,
    PlaceKind,
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
from lastmetre.scenarios.place_rows import RegimeRow
from lastmetre.scenarios.world import World

ORIGIN = Ground(112.14, 32.06)
MODE_A, MODE_B, MODE_C = ServiceMode.GROUP, ServiceMode.PLATFORM, ServiceMode.FETCHED
"""A: property office and small shop; B: platform link; C: sub-district and large supermarket (FC2-FC4)."""
COMPOUND_ROLES = (Role.PROPERTY_OFFICE, Role.LIAISON)
"""Each compound has one information officer (FC7)."""


def build(seed: int) -> World:
    """Build the world."""
    draft = Draft("fancheng", seed, origin=ORIGIN)
    rest = draft.sheet.rest
    root = draft.place(PlaceKind.DISTRICT, draft.name, "樊城区", area_around(10_000, 8_000))
    streets = towns.fill(draft, root, PlaceKind.SUBDISTRICT, rest["subdistricts"])
    communities = [
        one
        for street in streets
        for one in towns.fill(draft, street, PlaceKind.COMMUNITY, rest["communities"])
    ]
    hanjiang = towns.Named(rest["roster"]["slug"], rest["roster"]["name"])
    compounds = [
        compound
        for index, community in enumerate(communities)
        for compound in towns.fill(
            draft,
            community,
            PlaceKind.COMPOUND,
            rest["compounds"],
            named=[hanjiang] if index == 0 else (),
            heads=(500, 2600),
        )
    ]
    _settle(draft, compounds[0])
    draft.add(RegimeRow(root, Regime.OPEN, Risk.LOW, draft.date(-90), draft.date(-28), "正常经营"))
    draft.add(RegimeRow(root, Regime.SEALED, Risk.HIGH, draft.date(-28), None, "小区封闭，物资统一配送"))
    office = staffing.organisation(draft, OrganisationKind.GOVERNMENT, "headquarters", "区防疫指挥部", root)
    staffing.staff_root(draft, root, office)
    staffing.organisation(draft, OrganisationKind.DEPARTMENT, "commerce", "区商务局", root)
    staffing.staff_offices(draft)
    for compound in compounds:
        roles = staffing.COMPOUND_ROLES if compound == compounds[0] else COMPOUND_ROLES
        staffing.staff_compound(draft, compound, roles=roles)
        if compound != compounds[0]:
            settling.furnish(draft, compound, hands=4)  # FC7: each compound one delivery point
    _teams(draft, streets, communities)
    helpers = staffing.organisation(draft, OrganisationKind.VOLUNTEERS, "helpers", "小区志愿者", compounds[0])
    sizes = {TeamKind.SUPPLY: 6, TeamKind.TRANSPORT: 4, TeamKind.DUTY: 2}
    for team in staffing.squads(draft, compounds[0], sizes, [helpers], "FC7").values():
        staffing.shifts(draft, team, (("09:00", "11:30"), ("15:00", "17:30")))
    _suppliers(draft, communities, compounds, add_goods(draft))
    return draft.world()


def _settle(draft: Draft, compound: str) -> None:
    names = [str(number) for number in range(1, 7)]
    flats = settling.build(draft, compound, settling.blocks(names, units=2, floors=17))
    settled = settling.settle(draft, compound, flats, households=draft.sheet.rest["roster"]["households"])
    settling.furnish(draft, compound, hands=12)
    staffing.name_carers(draft, compound, settled)
    staffing.sign_in(draft, settled[0])


def _teams(draft: Draft, streets: Sequence[str], communities: Sequence[str]) -> None:
    """Set up a leading group a sub-district, a delivery team a community, led from the sub-district (FC7)."""
    for street in streets:
        members = [staffing.person(draft, Role.SUBDISTRICT_OFFICER, place=street) for _ in range(3)]
        staffing.group(
            draft, TeamKind.LEADING_GROUP, street, "leading", f"{draft.titles[street]}物资供应工作领导小组",
            duty="统一领导、统筹协调全辖区群众必需物资配送", members=members, row="FC7",
        )  # fmt: skip
    for community in communities:
        leader = staffing.person(draft, Role.SUBDISTRICT_OFFICER, place=community)
        liaison = staffing.person(draft, Role.COMMUNITY_WORKER, place=community)
        helpers = [staffing.person(draft, Role.VOLUNTEER, place=community) for _ in range(3)]
        staffing.group(
            draft, TeamKind.DELIVERY_TEAM, community, "delivery", f"{draft.titles[community]}物资配送保障组",
            duty="办事处班子成员包保，社区两委成员任联络员", members=[leader, liaison, *helpers], row="FC7",
        )  # fmt: skip


def _suppliers(
    draft: Draft, communities: Sequence[str], compounds: Sequence[str], goods: dict[str, Product]
) -> None:
    """Appoint shops for compounds (A), open platforms' links (B), pair supermarkets with communities (C)."""
    for number in range(draft.sheet["small_shops"]):
        compound = compounds[number % len(compounds)]
        shop = stocking.supplier(draft, SupplierKind.SMALL_SHOP, f"shop-{number + 1}", compound)
        stocking.contract(draft, shop, compound, MODE_A)
        stocking.offers(draft, shop, compound, goods, stocking.Kept(9))
    root = draft.name
    for number in range(draft.sheet["platforms"]):
        platform = stocking.supplier(draft, SupplierKind.PLATFORM, f"platform-{number + 1}", root, clerks=3)
        stocking.capacity(draft, platform)
        stocking.offers(draft, platform, root, goods, stocking.Kept(24))
        staffing.person(draft, Role.DRIVER, at=platform.organisation)
        for compound in compounds[number :: draft.sheet["platforms"]]:
            stocking.contract(draft, platform, compound, MODE_B, linked=True)  # FC3a: its own link
    for number in range(draft.sheet["supermarkets"]):
        market = stocking.supplier(
            draft, SupplierKind.SUPERMARKET, f"supermarket-{number + 1}", root, is_key=True
        )
        stocking.capacity(draft, market)
        stocking.offers(draft, market, root, goods, stocking.Kept(14))
        for community in communities[number :: draft.sheet["supermarkets"]]:
            stocking.contract(draft, market, community, MODE_C)
