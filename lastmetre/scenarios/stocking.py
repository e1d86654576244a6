"""Suppliers and what they offer. Names, licences, prices and stocks are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .catalogue import SELLS
from .codes import OrganisationKind, Role, ServiceMode, SupplierKind, Tier
from .draft import Draft
from .geometry import Area
from .goods_rows import Assortment, Capacity, Contract, OfferRow, PriceCap, Product, Reserve, Supplier
from .staffing import organisation, person

NAMED_LIKE = {
    SupplierKind.SMALL_SHOP: "shop",
    SupplierKind.PLATFORM: "platform",
    SupplierKind.SUPERMARKET: "supermarket",
    SupplierKind.WHOLESALE_MARKET: "wholesale_market",
    SupplierKind.FARM_MARKET: "farm_market",
    SupplierKind.PRODUCER: "farm",
}
SERVES_HEADS = {
    SupplierKind.SMALL_SHOP: (800, 2_500),
    SupplierKind.PLATFORM: (20_000, 60_000),
    SupplierKind.SUPERMARKET: (12_000, 45_000),
    SupplierKind.WHOLESALE_MARKET: (60_000, 150_000),
    SupplierKind.COOPERATIVE: (100_000, 200_000),
}
DAILY_G_PER_HEAD = {"rice": 200, "flour": 150, "oil": 50, "pork": 115, "vegetables": 400, "eggs": 60}
"""Ration per person and day (field notes, Quanzhou)."""
PLAN = "蔬菜水果、米面粮油、肉蛋按平时的3至5倍备货；分区专人补货，缺货两小时内送到；存量不少于三天。"
"""What key suppliers have on file (ER17), in the words of ER7 and ER9."""
OFFERED_DAYS = 14
"""So long an offer stands, so that a demo does not run out of goods overnight; invented."""
LIMITS = {"eggs": 2, "oil": 1, "rice": 2, "packages": 2, "milk": 2, "masks": 2, "water": 3}
"""Sale units a household, against hoarding (PD8)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a supplier keeps its offers: how many products, how dear against the reference."""

    products: int
    dearest: float = 1.05
    cheapest: float = 0.94


def supplier(
    draft: Draft,
    kind: SupplierKind,
    slug: str,
    place: str,
    *,
    name: str = "",
    spot: tuple[float, float] | None = None,
    clerks: int = 1,
    pledged: bool = True,
    is_key: bool = False,
) -> Supplier:
    """Add a supplier with its organisation, its contact and as many clerks."""
    name = name or draft.invented(NAMED_LIKE[kind])
    firm = organisation(draft, OrganisationKind.SUPPLIER, slug, name, place)
    contact = person(draft, Role.SUPPLIER_STAFF, at=firm)
    for _ in range(clerks - 1):
        person(draft, Role.SUPPLIER_CLERK, at=firm)
    low, high = SERVES_HEADS.get(kind, (2_000, 8_000))
    area = draft.areas[place]
    row = Supplier(
        key=draft.key("suppliers", slug),
        kind=kind,
        name=name,
        organisation=firm,
        place=place,
        licence=f"XN-{draft.name}-{len(draft.rows(Supplier)) + 1:04}",  # 虚拟: no authority issues such numbers
        phone=draft.directory.phone(),
        position=draft.ground.spot(spot or area.at(draft.rng.uniform(0.1, 0.9), draft.rng.uniform(0.1, 0.9))),
        contact=contact,
        pledged_on=draft.date(-draft.rng.randrange(5, 12)) if pledged else None,
        is_key_supplier=is_key,
        plan=PLAN if is_key else "",
        serves_heads=round(draft.rng.randrange(low, high), -2),
    )
    draft.add(row)
    return row


def capacity(draft: Draft, seller: Supplier) -> None:
    """Say what a supplier brings of each watched category in a day."""
    heads = seller.serves_heads or 0
    draft.add(
        *(
            Capacity(seller.key, category, max(1, heads * DAILY_G_PER_HEAD[category] // 1000))
            for category in SELLS[seller.kind]
            if category in DAILY_G_PER_HEAD
        )
    )


def offers(
    draft: Draft,
    seller: Supplier,
    area: str,
    goods: Mapping[str, Product],
    kept: Kept,
    *,
    days: int = OFFERED_DAYS,
) -> None:
    """Put so many products on offer in an area from last night on, packages first (QZ5)."""
    rng = draft.rng
    sold = [one for one in goods.values() if one.category in SELLS[seller.kind]]
    packages = [one for one in sold if one.is_package]
    others = [one for one in sold if not one.is_package]
    others = rng.sample(others, min(len(others), max(0, kept.products - len(packages))))
    for one in packages[: kept.products] + sorted(others, key=lambda other: other.code):
        dearest = min(kept.dearest, 1.0) if one.is_package else kept.dearest
        price = round(one.reference_fen * rng.uniform(kept.cheapest, dearest))
        stock = max(20, (seller.serves_heads or 500) // rng.choice((20, 40, 80)))
        draft.add(
            OfferRow(
                key=f"{seller.key}/offers/{one.code}",
                supplier=seller.key,
                product=one.key,
                area=area,
                price_fen=max(10, price // 10 * 10),
                stock=stock // (one.case_size or 1) * (one.case_size or 1) or (one.case_size or 1),
                opens=draft.time(-1, "20:00"),
                closes=draft.time(days - 1, "15:00"),
                limit=LIMITS.get(one.category),
            )
        )


def contract(draft: Draft, seller: Supplier, place: str, mode: ServiceMode, *, linked: bool = False) -> None:
    """Appoint a supplier for a place; with an own link where it takes orders on a page (FC3a, YC3)."""
    number = len(draft.rows(Contract)) + 1
    url = f"https://example.org/{draft.name}/{number}" if linked else ""
    draft.add(Contract(seller.key, place, mode, url))


def nearest(draft: Draft, place: str, sellers: Sequence[Supplier], *, load: dict[str, int]) -> Supplier:
    """Return the nearest supplier that can still serve the place's heads (QZ9a); the nearest if none can."""
    heads = next(one.head_count or 0 for one in draft.places_named([place]))
    here = draft.ground.spot(draft.areas[place].middle)

    def far(seller: Supplier) -> float:
        there = seller.position or here
        return (there[0] - here[0]) ** 2 + (there[1] - here[1]) ** 2

    free = [one for one in sellers if load.get(one.key, 0) + heads <= (one.serves_heads or 0)]
    chosen = min(free or sellers, key=far)
    load[chosen.key] = load.get(chosen.key, 0) + heads
    return chosen


def caps(draft: Draft, place: str, goods: Mapping[str, Product], *, over: Decimal = Decimal("1.15")) -> None:
    """Cap the prices of the watched necessities (ER10; the field's 15 % over the reference)."""
    watched = ("rice", "flour", "oil", "vegetables", "eggs", "pork")
    draft.add(
        *(
            PriceCap(one.key, place, int(one.reference_fen * over), draft.date(-3))
            for one in goods.values()
            if one.category in watched
        )
    )


def reserves(draft: Draft, place: str, heads: int) -> None:
    """Hold reserves by tier (YX8a): 15 to 20 days of grain and oil, a few days of meat in the cold store."""
    names = {Tier.COUNTY: "县(区)储备库", Tier.CITY: "市储备库", Tier.PROVINCE: "省储备库"}
    days = {"rice": 15, "flour": 15, "oil": 20, "pork": 5}
    for tier, times in ((Tier.COUNTY, 1), (Tier.CITY, 3), (Tier.PROVINCE, 10)):
        holder = organisation(draft, OrganisationKind.GOVERNMENT, f"reserve-{tier}", names[tier])
        for category, cover in days.items():
            kg = heads * DAILY_G_PER_HEAD[category] * cover * times // 1000
            draft.add(Reserve(draft.key("reserves", tier, category), tier, place, category, holder, kg))


def assortment(draft: Draft, place: str, goods: Mapping[str, Product], without: Sequence[str] = ()) -> None:
    """Say what an area is offered (PD10): all goods but those of some categories."""
    draft.add(*(Assortment(place, one.key) for one in goods.values() if one.category not in without))


def spread(area: Area, count: int) -> list[tuple[float, float]]:
    """Return so many points spread over an area, for warehouses, stops and sale points."""
    return [tile.middle for tile in area.tiles(count)]
