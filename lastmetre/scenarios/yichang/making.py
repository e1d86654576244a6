"""Builds Dongchen Xinyu: 26 buildings, 35 units, 152 helpers, order links of every platform (YC)."""

from __future__ import annotations

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
from lastmetre.scenarios.place_rows import Household, Place, RegimeRow
from lastmetre.scenarios.world import World

ORIGIN = Ground(111.36, 30.65)
NAMES = [
    f"{row}{number}"
    for row, count in zip("ABCDE", (5, 5, 5, 5, 6), strict=True)
    for number in range(1, count + 1)
]
WAVES = (("09:00", "12:00"), ("15:00", "18:00"))


def build(seed: int) -> World:
    """Build the world."""
    draft = Draft("yichang", seed, origin=ORIGIN)
    draft.directory.reserve("东辰心语小区")
    root = draft.place(PlaceKind.DISTRICT, draft.name, "伍家岗区", area_around(9_000, 7_000))
    street, *_ = towns.fill(draft, root, PlaceKind.SUBDISTRICT, 4)
    communities = towns.fill(draft, street, PlaceKind.COMMUNITY, 1 + draft.sheet.rest["neighbours"])
    for community in communities[1:]:
        towns.fill(draft, community, PlaceKind.COMPOUND, 1, heads=(1500, 6000))
    dongchen, settled = _dongchen(draft, communities[0])
    office = staffing.organisation(draft, OrganisationKind.GOVERNMENT, "command", "疫情防控指挥部", root)
    staffing.staff_root(draft, root, office)
    staffing.staff_offices(draft)
    staffing.staff_compound(draft, dongchen)
    staffing.name_carers(draft, dongchen, settled)
    staffing.sign_in(draft, next(one for one in settled if one.place.startswith(f"{dongchen}/E6/")))
    _helpers(draft, dongchen)
    _suppliers(draft, dongchen, add_goods(draft))
    return draft.world()


def _dongchen(draft: Draft, community: str) -> tuple[str, list[Household]]:
    """Build the compound; E6 gets its own number of households (YC5), the others share the rest."""
    key = draft.key("dongchen")
    area = draft.areas[community].centred(760, 620)
    draft.place(PlaceKind.COMPOUND, key, "东辰心语小区", area, parent=community, aliases=("东辰心语", "心语"))
    rest = draft.sheet.rest
    blocks = [
        settling.Block(
            name, ("1", "2") if name in rest["two_units"] else ("1",), rest["floors"], doors=rest["doors"]
        )
        for name in NAMES
    ]
    flats = settling.build(draft, key, blocks)
    in_e6 = [flat for flat in flats if flat.place.startswith(f"{key}/E6/")]
    others = [flat for flat in flats if not flat.place.startswith(f"{key}/E6/")]
    lived_in = {*draft.rng.sample(in_e6, draft.sheet["e6_households"])}
    lived_in |= {*draft.rng.sample(others, rest["households"] - len(lived_in))}
    settled = settling.settle(
        draft,
        key,
        [flat for flat in flats if flat in lived_in],
        households=rest["households"],
        heads=draft.sheet["residents"],
    )
    settling.furnish(draft, key, hands=60, two_parts="building-room")
    draft.add(
        RegimeRow(draft.name, Regime.CONTROL, Risk.MEDIUM, draft.date(-25), draft.date(-1), "减少外出"),
        RegimeRow(draft.name, Regime.SEALED, Risk.HIGH, draft.date(-1), None, "小区全面封闭管理"),
        RegimeRow(key, Regime.SEALED, Risk.HIGH, draft.date(-1), None, "小区全面封闭管理"),
    )
    return key, settled


def _helpers(draft: Draft, dongchen: str) -> None:
    """Bring 72 officials and the other helpers together in squads; officers for every building (YC5)."""
    least, most = draft.sheet["fewest_officers"], draft.sheet["most_officers"]
    two_units = draft.sheet.rest["two_units"]
    posts = [f"{dongchen}/{name}" for name in NAMES for _ in range(most if name in two_units else least)]
    sizes = {TeamKind(kind): size for kind, size in draft.sheet.rest["squads"].items()}
    sizes[TeamKind.SUPPLY] = len(posts)
    assert sum(sizes.values()) == draft.sheet["helpers"]
    backbone = [
        staffing.organisation(draft, OrganisationKind.GOVERNMENT, slug, name)
        for slug, name in draft.sheet.rest["backbone"]
    ]
    residents = staffing.organisation(draft, OrganisationKind.VOLUNTEERS, "residents", "居民志愿者", dongchen)
    officials = draft.sheet["officials"]
    works_for = [backbone[index % len(backbone)] for index in range(officials)]
    works_for += [residents] * (draft.sheet["helpers"] - officials)
    draft.rng.shuffle(works_for)
    made = staffing.squads(draft, dongchen, sizes, works_for, "YC5", supply_places=posts)
    for team in made.values():
        staffing.shifts(draft, team, WAVES)
    leader = made[TeamKind.SUPPLY].leader
    staffing.also(draft, leader, Role.COMMUNITY_WORKER, place=dongchen)


def _suppliers(draft: Draft, dongchen: str, goods: dict[str, Product]) -> None:
    """Send every resident the platforms' links (YC3): all goods meet at one gate."""
    street = next(place.key for place in draft.rows(Place) if place.kind is PlaceKind.SUBDISTRICT)
    kinds = [(SupplierKind.PLATFORM, "platform", draft.sheet.rest["platforms"], 26)]
    kinds.append((SupplierKind.SUPERMARKET, "supermarket", draft.sheet.rest["shops"], 18))
    for kind, slug, count, products in kinds:
        for number in range(1, count + 1):
            seller = stocking.supplier(draft, kind, f"{slug}-{number}", street, is_key=True, clerks=2)
            stocking.capacity(draft, seller)
            stocking.contract(draft, seller, dongchen, ServiceMode.DIRECT, linked=True)
            stocking.offers(draft, seller, dongchen, goods, stocking.Kept(products))
            staffing.person(draft, Role.DRIVER, at=seller.organisation)
