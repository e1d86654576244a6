"""Small compounds for the journeys: the sources' buildings and stairs, few doors, carts numbered one a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lastmetre.ground.goods.actions.catalogue import add_products
from lastmetre.ground.goods.actions.offers import add_offers
from lastmetre.ground.goods.actions.suppliers import add_areas, add_suppliers
from lastmetre.ground.goods.drafts import NewArea, NewOffer, NewProduct, NewSupplier
from lastmetre.ground.goods.models import Offer, Product, Supplier
from lastmetre.ground.goods.rules import ServiceMode, SupplierKind
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.people.rules import OrganisationKind
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.models import Cart, Household, Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM

DAYS = timedelta(days=10)


@dataclass(frozen=True)
class Good:
    """Something that a supplier offers."""

    code: str
    name: str
    kind: str
    yuan: str
    weight_g: int
    stock: int | None = None
    case_size: int | None = None
    limit: int | None = None

    @property
    def fen(self) -> int:
        """The price."""
        return int(Decimal(self.yuan) * 100)


@dataclass
class Compound:
    """A compound with its households in the order of their doors, by the address people write."""

    place: Place
    now: datetime
    home: dict[str, Household]
    building: dict[str, Place]
    products: dict[str, Product]
    suppliers: dict[str, Supplier]
    offers: dict[str, dict[str, Offer]]
    """By supplier and code."""


def build(
    name: str,
    buildings: Mapping[str, int],
    doors: int,
    suppliers: Mapping[str, tuple[SupplierKind, Sequence[Good]]],
    now: datetime,
) -> Compound:
    """Write a compound with so many doors a unit, and who sells there; within SYSTEM."""
    district = NewPlace(PlaceKind.DISTRICT, "一区", None)
    community = NewPlace(PlaceKind.COMMUNITY, "一社区", district.id)
    compound = NewPlace(PlaceKind.COMPOUND, name, community.id)
    rows, homes, carts = [district, community, compound], [], []
    for building, units in buildings.items():
        block = NewPlace(PlaceKind.BUILDING, f"{building}号楼", compound.id, floors=6)
        rows.append(block)
        for number in range(1, units + 1):
            unit = NewPlace(PlaceKind.UNIT, f"{number}单元", block.id)
            rows.append(unit)
            carts.append(unit.id)
            homes += [_home(building, number, unit, room) for room in range(1, doors + 1)]
    add_places(rows, by=SYSTEM, at=now)
    add_households([new for _, new in homes], by=SYSTEM, at=now)
    place = Place.objects.get(pk=compound.id)
    Cart.objects.bulk_create(
        [Cart(place=place, path=place.path, number=n, unit_id=unit) for n, unit in enumerate(carts, start=1)]
    )
    found = Household.objects.select_related("place").in_bulk([new.id for _, new in homes])
    sold = _goods(place, suppliers, now)
    blocks = Place.objects.filter(path__within=place.path, kind=PlaceKind.BUILDING)
    return Compound(
        place,
        now,
        {address: found[new.id] for address, new in homes},
        {one.name.removesuffix("号楼"): one for one in blocks},
        *sold,
    )


def _home(building: str, unit: int, parent: NewPlace, room: int) -> tuple[str, NewHousehold]:
    number = f"{room}01"
    serial = f"{sum(map(ord, building)) % 900 + 100}{unit}{number}"
    new = NewHousehold(parent.id, number, floor=room, name="王芳", phone=f"1380{serial:>07}", head_count=2)
    return f"{building}-{unit}-{number}", new


def _goods(
    place: Place, suppliers: Mapping[str, tuple[SupplierKind, Sequence[Good]]], now: datetime
) -> tuple[dict[str, Product], dict[str, Supplier], dict[str, dict[str, Offer]]]:
    goods = {one.code: one for _, sold in suppliers.values() for one in sold}
    new = [
        NewProduct(one.code, one.name, one.kind, unit="份", weight_g=one.weight_g, case_size=one.case_size)
        for one in goods.values()
    ]
    products = {row.code: row for row in add_products(new, by=SYSTEM, at=now)}
    seat = place.parent.parent
    found: dict[str, Supplier] = {}
    offers: dict[str, dict[str, Offer]] = {}
    for name, (kind, sold) in suppliers.items():
        shop = Organisation(kind=OrganisationKind.SUPPLIER, name=name, seat=seat)
        shop.save(force_insert=True)
        (supplier,) = add_suppliers(
            [NewSupplier(shop.pk, kind, seat.pk, licence=f"JY14{len(found):05}")], by=SYSTEM, at=now - DAYS
        )
        add_areas([NewArea(supplier.pk, place.pk, ServiceMode.OPEN, now - DAYS)], by=SYSTEM, at=now)
        rows = [
            NewOffer(
                supplier.pk,
                products[one.code].pk,
                place.pk,
                one.fen,
                now - DAYS,
                stock=None if one.stock is None else Decimal(one.stock),
            )
            for one in sold
        ]
        made = add_offers(rows, by=SYSTEM, at=now)
        found[name] = supplier
        offers[name] = {one.code: offer for one, offer in zip(sold, made, strict=True)}
    return products, found, offers
