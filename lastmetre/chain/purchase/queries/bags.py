"""The packer's list: whose bag is packed, whose is next, what goes into it; names are masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.ledger.models import Balance, Parcel, Photo
from lastmetre.chain.ledger.queries.parcels import short_code_of
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind, PhotoKind, units
from lastmetre.chain.orders.queries.paying import Packable, may_pack
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.packing import Contents, codes_of, contents_of, numbered
from lastmetre.ground.goods.models import Product
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import RosterRow, masked_row
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


@dataclass(frozen=True, slots=True)
class Bag:
    """One household's bag, packed or not."""

    number: int
    household: UUID
    code: str
    """The typed code of its label; the same before and after it is packed."""
    must_pay: bool
    """In a round that is paid first: not packed until it has paid (FC2d)."""
    home: RosterRow | None = None
    goods: tuple[tuple[str, str, Decimal], ...] = ()
    """(good, unit, sale units)."""
    parcel: Parcel | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """How many bags of a building are packed."""

    name: str
    bags: int
    packed: int


@dataclass(slots=True)
class Packing:
    """All bags of an order by their doors."""

    contents: list[Contents]
    numbers: dict[UUID, int]
    made: dict[UUID, Parcel]
    codes: dict[UUID, str]
    packable: Packable
    buildings: list[Building] = field(default_factory=list)

    @property
    def packed(self) -> int:
        """How many are packed."""
        return sum(one.household.pk in self.made for one in self.contents)

    def next_after(self, household: UUID | None = None) -> UUID | None:
        """Return whose bag comes next: behind a household's, else the first that is not packed."""
        waiting = [one.household.pk for one in self.contents if self.is_waiting(one.household.pk)]
        if household is None or not waiting:
            return waiting[0] if waiting else None
        order = [one.household.pk for one in self.contents]
        behind = order[order.index(household) + 1 :] if household in order else []
        return next((one for one in behind if self.is_waiting(one)), waiting[0])

    def is_waiting(self, household: UUID) -> bool:
        """Tell whether a bag can be packed and is not."""
        return household not in self.made and not self.must_pay(household)

    def must_pay(self, household: UUID) -> bool:
        """Tell whether a household has to pay before its bag is packed."""
        return self.packable.refused is not None and household in self.packable.unpaid

    def household_of(self, code: str) -> UUID | None:
        """Return whose label a code is."""
        return next((home for home, one in self.codes.items() if one == code), None)


def packing_of(order: PurchaseOrder) -> Packing:
    """Return all bags of an order; nine queries however many bags, names nobody."""
    row = order.round
    with acting_as(SYSTEM):
        contents = contents_of(row)
        bags = (
            Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG)
            .select_related("account")
            .prefetch_related("items__product")
        )
        rows = list(bags)
        numbers = {one.household_id: one.number for one in rows if one.household_id}
        made = {one.household_id: one for one in rows if one.household_id and one.ended_at is None}
        found = Packing(
            contents,
            {one.household.pk: number for number, one in numbered(contents, numbers)},
            made,
            {key: code.short for key, code in codes_of(row).items()},
            may_pack(row),
        )
    found.buildings = _buildings(found)
    return found


def building_of(home: Household) -> str:
    """Return the name of a household's building."""
    parent = home.place.parent
    return str(parent.parent.name if parent.kind == "unit" else parent.name)


def _buildings(found: Packing) -> list[Building]:
    names = [building_of(one.household) for one in found.contents]
    packed = Counter(
        name for name, one in zip(names, found.contents, strict=True) if one.household.pk in found.made
    )
    return [Building(name, count, packed[name]) for name, count in Counter(names).items()]


def bags_shown(found: Packing, contents: Sequence[Contents]) -> list[Bag]:
    """Return bags as the packer sees them: door, masked name, goods; one query and the opening of names."""
    with acting_as(SYSTEM):
        wanted = {product for one in contents for product, _ in one.goods}
        products = Product.objects.in_bulk(list(wanted))
        return [_bag(found, one, products) for one in contents]


def _bag(found: Packing, one: Contents, products: dict[UUID, Product]) -> Bag:
    home = one.household
    parcel = found.made.get(home.pk)
    goods = [(item.product_id, item.amount) for item in parcel.items.all()] if parcel else one.goods
    place = {product: number for number, (product, _) in enumerate(one.goods)}
    named = sorted(goods, key=lambda good: place.get(good[0], len(place)))
    return Bag(
        found.numbers[home.pk],
        home.pk,
        found.codes[home.pk],
        found.must_pay(home.pk),
        masked_row(home),
        tuple(
            (products[key].name, products[key].unit, units(amount))
            for key, amount in named
            if key in products
        ),
        parcel,
    )


def due_of(order: PurchaseOrder, household: UUID) -> int:
    """Return what a household has still to pay in an order's round, in fen; one query."""
    with acting_as(SYSTEM):
        held = Balance.objects.filter(
            account__book=order.round.book_id,
            account__kind=AccountKind.DUE,
            account__owner=household,
            product=None,
        )
        return held.values_list("amount", flat=True).first() or 0


def pictures_of(thing: UUID) -> list[Photo]:
    """Return the pictures of a packed bag, or of all goods of a round, unopened; one query."""
    rows = Photo.objects.filter(thing=thing, kind=PhotoKind.PACKED)
    return list(rows.only("pk", "taken_at").order_by("taken_at"))


def code_of(order: PurchaseOrder, scanned: str) -> str:
    """Return the short code of a scanned or typed label of this order; '' for any other."""
    with acting_as(SYSTEM):
        return short_code_of(order.round.book_id, scanned) or ""
