"""Goods of a round from promise to door: per good, and where each difference comes from (PD6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, Sum

from lastmetre.chain.ledger.models import Balance, Book, Line, ParcelItem
from lastmetre.chain.ledger.rules import CUSTODY, UNMET, AccountKind, Cause
from lastmetre.ground.goods.models import Product

_PROMISING = (Cause.ORDERED, Cause.CANCELLED, Cause.ALLOCATED, Cause.ON_SALE, Cause.CORRECTED)
GIVEN_TO = (Cause.DELIVERED, Cause.FETCHED)


@dataclass(slots=True)
class Flow:
    """One good's way through a round, in thousandths of a sale unit."""

    product: Product
    promised: int = 0
    packed: int = 0
    arrived: int = 0
    delivered: int = 0
    given: int = 0
    """Spare goods given to who needs them."""
    returned: int = 0
    """Back on the supplier's shelf."""
    unmet: dict[Cause, int] = field(default_factory=lambda: defaultdict(int))
    """Promises that ended without the goods, by cause."""
    lost: dict[Cause, int] = field(default_factory=lambda: defaultdict(int))
    """Goods that are gone, by cause."""
    owed: int = 0
    """Promised and still open."""
    held: dict[AccountKind, int] = field(default_factory=dict)
    """Still on the way, by where."""
    spare: int = 0
    """At the point and in nobody's bag."""
    stock: int = 0

    @property
    def is_explained(self) -> bool:
        """Tell whether nothing of it is open."""
        return not (self.owed or self.held or self.stock)


def flows(book: Book) -> list[Flow]:
    """Return all goods of a book, by name; four queries however many there are."""
    lines = (
        Line.objects.filter(account__book=book, product__isnull=False)
        .values_list("account__kind", "posting__cause", "product")
        .annotate(into=Sum("amount", filter=Q(amount__gt=0)), out=Sum("amount", filter=Q(amount__lt=0)))
    )
    found: dict[UUID, Flow] = {}
    products = Product.objects.in_bulk({product for _, _, product, _, _ in lines})
    for kind, cause, product, into, out in lines:
        flow = found.setdefault(product, Flow(products[product]))
        _count(flow, AccountKind(kind), Cause(cause), into or 0, out or 0)
    for flow in found.values():  # what went unclaimed by a slip, and was called back, is no difference
        flow.unmet = {cause: amount for cause, amount in flow.unmet.items() if amount}
    _count_open(book, found)
    return sorted(found.values(), key=lambda one: (one.product.name, one.product.code))


def _count(flow: Flow, kind: AccountKind, cause: Cause, into: int, out: int) -> None:
    match kind:
        case AccountKind.OWED if cause in _PROMISING:
            flow.promised += into + out
        case AccountKind.OWED if cause in UNMET:
            flow.unmet[cause] -= into + out
        case AccountKind.SUPPLY if cause in (Cause.PACKED, Cause.CORRECTED):
            flow.packed -= into + out
        case AccountKind.SUPPLY:
            flow.returned += into + out
        case AccountKind.GATE if cause is Cause.ARRIVED:
            flow.arrived += into
        case AccountKind.GATE if cause is Cause.TAKEN_BACK:
            flow.arrived += out  # counted by a slip: back in the vehicle
        case AccountKind.DOOR if cause is Cause.GIVEN:
            flow.given += into + out
        case AccountKind.DOOR:
            flow.delivered += into + out
        case AccountKind.LOSS:
            flow.lost[cause] += into + out


def _count_open(book: Book, found: dict[UUID, Flow]) -> None:
    kinds = (*CUSTODY, AccountKind.OWED, AccountKind.STOCK)
    rows = (
        Balance.objects.filter(account__book=book, account__kind__in=kinds, product__isnull=False)
        .values_list("account__kind", "product")
        .annotate(total=Sum("amount"))
    )
    for kind, product, total in rows:
        if not total or product not in found:
            continue
        if kind == AccountKind.OWED:
            found[product].owed = total
        elif kind == AccountKind.STOCK:
            found[product].stock = total
        else:
            found[product].held[AccountKind(kind)] = total
    bagged = dict(
        ParcelItem.objects.filter(
            parcel__book=book, parcel__ended_at=None, parcel__account__kind=AccountKind.POINT
        )
        .values_list("product")
        .annotate(total=Sum("amount"))
    )
    for product, flow in found.items():
        flow.spare = flow.held.get(AccountKind.POINT, 0) - bagged.get(product, 0)


def spare(book: Book) -> dict[UUID, int]:
    """Return what lies at the points and is in nobody's bag, by product: for whoever needs it."""
    return {flow.product.pk: flow.spare for flow in flows(book) if flow.spare > 0}
