"""The packer's list: whose bag is packed, whose is next, what goes into it; names are masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.ledger.models import Balance, Parcel, Photo
from lastmetre.chain.ledger.queries.parcels import codes_for, short_code_of
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind, PhotoKind, units
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.paying import unpaid, unpaid_sentence
from lastmetre.chain.orders.rules import PayRule
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.purchase.queries.packing import (
    Contents,
    codes_of,
    contents_of,
    doors_with_bags,
    numbered,
)
from lastmetre.ground.goods.models import Product
from lastmetre.ground.places.queries.roster import RosterRow, masked_row
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence


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


@dataclass(frozen=True, slots=True)
class Door:
    """Whose bag it is, and in which building they live."""

    household: UUID
    building: str


@dataclass(slots=True)
class Packing:
    """All bags of an order by their doors; what is in them is asked for those that are shown (`bags_shown`)."""

    row: Round
    doors: list[Door]
    numbers: dict[UUID, int]
    made: dict[UUID, UUID]
    """The bags that are packed, by household."""
    unpaid: frozenset[UUID]
    """Households that have to pay before their bag is packed."""
    ended: int = 0
    """Bags that were packed and have come to their end: delivered, fetched, lost."""
    buildings: list[Building] = field(default_factory=list)

    @property
    def bags(self) -> int:
        """How many the order has, with those that have come to their end."""
        return len(self.doors) + self.ended

    @property
    def packed(self) -> int:
        """How many are packed, or were."""
        return sum(one.household in self.made for one in self.doors) + self.ended

    @property
    def refused(self) -> Sentence | None:
        """Why not all may be packed; None: all may."""
        return unpaid_sentence(len(self.unpaid)) if self.unpaid else None

    def next_after(self, household: UUID | None = None) -> UUID | None:
        """Return whose bag comes next: behind a household's, else the first that is not packed."""
        waiting = [one.household for one in self.doors if self.is_waiting(one.household)]
        if household is None or not waiting:
            return waiting[0] if waiting else None
        order = [one.household for one in self.doors]
        behind = order[order.index(household) + 1 :] if household in order else []
        return next((one for one in behind if self.is_waiting(one)), waiting[0])

    def is_waiting(self, household: UUID) -> bool:
        """Tell whether a bag can be packed and is not."""
        return household not in self.made and household not in self.unpaid

    def building_of(self, household: UUID | None) -> str:
        """Return in which building a household's bag goes; "" for none of these."""
        return next((one.building for one in self.doors if one.household == household), "")

    def household_of(self, code: str) -> UUID | None:
        """Return whose label a code is; reckons all codes of the round."""
        with acting_as(SYSTEM):
            codes = codes_of(self.row)
        return next((home for home, one in codes.items() if one.short == code), None)


def packing_of(order: PurchaseOrder) -> Packing:
    """Return all bags of an order; three or four queries however many bags, no rows but of numbers and names."""
    row = order.round
    with acting_as(SYSTEM):
        made: dict[UUID, UUID] = {}
        numbers: dict[UUID, int] = {}
        over: set[UUID] = set()
        bags = Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, household__isnull=False)
        for pk, home, number, ended, cause in bags.order_by("number").values_list(
            "pk", "household", "number", "ended_at", "end_cause"
        ):
            numbers[home] = number
            if ended is None:
                made[home] = pk
            elif cause not in (Cause.TAKEN_BACK, Cause.SUPPLIER_FAILED):
                over.add(home)
        doors = [Door(*one) for one in doors_with_bags(row)]
        must_pay = row.pay_rule == PayRule.BEFORE_PACKING
        waiting = frozenset(unpaid(row)) if must_pay else frozenset()
    named = numbered([one.household for one in doors], numbers)
    over -= {one.household for one in doors}
    found = Packing(row, doors, {home: number for number, home in named}, made, waiting, len(over))
    found.buildings = _buildings(found)
    return found


def _buildings(found: Packing) -> list[Building]:
    packed = Counter(one.building for one in found.doors if one.household in found.made)
    bags = Counter(one.building for one in found.doors)
    return [Building(name, count, packed[name]) for name, count in bags.items()]


def bags_shown(found: Packing, households: Collection[UUID]) -> list[Bag]:
    """Return bags as the packer sees them: door, masked name, goods; six queries and the opening of names."""
    row = found.row
    with acting_as(SYSTEM):
        packed = Parcel.objects.filter(pk__in=[found.made[one] for one in households if one in found.made])
        bags = {one.household_id: one for one in packed.select_related("account").prefetch_related("items")}
        contents = contents_of(row, only=households)
        products = {item.product_id: item.product for item in row.items.select_related("product")}
        codes = codes_for(row.book_id, [one.household.pk for one in contents])
        return [
            _bag(found, one, bags.get(one.household.pk), codes[one.household.pk].short, products)
            for one in contents
        ]


def _bag(
    found: Packing, one: Contents, parcel: Parcel | None, code: str, products: Mapping[UUID, Product]
) -> Bag:
    home = one.household
    goods = [(item.product_id, item.amount) for item in parcel.items.all()] if parcel else one.goods
    place = {product: number for number, (product, _) in enumerate(one.goods)}
    named = sorted(goods, key=lambda good: place.get(good[0], len(place)))
    return Bag(
        found.numbers[home.pk],
        home.pk,
        code,
        home.pk in found.unpaid,
        masked_row(home),
        tuple(
            (products[key].name, products[key].unit, units(amount))
            for key, amount in named
            if key in products
        ),
        parcel,
    )


def all_contents(found: Packing) -> list[tuple[Contents, str]]:
    """Return what goes into every bag, by their doors, with its label's code; five queries, every code reckoned."""
    with acting_as(SYSTEM):
        contents = contents_of(found.row)
        codes = codes_for(found.row.book_id, [one.household.pk for one in contents])
    return [(one, codes[one.household.pk].short) for one in contents]


def packed_bag(order: PurchaseOrder, household: UUID) -> Parcel | None:
    """Return the bag of a household once it is packed; one query."""
    with acting_as(SYSTEM):
        rows = Parcel.objects.filter(book=order.round.book_id, kind=ParcelKind.BAG, ended_at=None)
        return rows.filter(household=household).first()


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
