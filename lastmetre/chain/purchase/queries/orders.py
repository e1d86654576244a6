"""Orders at suppliers: by id, by supplier, by place; their lines with what the households are to get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from lastmetre.chain.ledger.models import Balance, Parcel
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind, units
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.purchase.models import Proposal, PurchaseLine, PurchaseOrder
from lastmetre.chain.purchase.rules import OPEN, OrderState, Permission, ProposalState
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as

DONE = (OrderState.HANDED_OVER, OrderState.FAILED)


def order_or_404(pk: UUID) -> PurchaseOrder:
    """Return an order that the actor sees: the place's people, and the supplier's."""
    found = PurchaseOrder.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return joined([found])[0]


def line_or_404(order: PurchaseOrder, pk: UUID) -> PurchaseLine:
    """Return a line of an order."""
    found = PurchaseLine.objects.select_related("item__product", "order").filter(order=order, pk=pk).first()
    if found is None:
        raise Http404
    return found


def proposal_or_404(order: PurchaseOrder, pk: UUID) -> Proposal:
    """Return what a supplier proposed."""
    rows = Proposal.objects.select_related("line__item__product", "substitute__product")
    found = rows.filter(order=order, pk=pk).first()
    if found is None:
        raise Http404
    return found


def joined(orders: Sequence[PurchaseOrder]) -> list[PurchaseOrder]:
    """Give orders their place and round: a supplier sees no place by itself."""
    with acting_as(SYSTEM):
        rows = PurchaseOrder.objects.select_related(
            "place", "round__book", "round__place", "supplier__organisation"
        ).in_bulk([one.pk for one in orders])
    return [rows[one.pk] for one in orders]


def orders_of(actor: Actor, *, open_only: bool = True) -> list[PurchaseOrder]:
    """Return the orders at the actor's own firms, the most urgent first; open ones, or the last hundred."""
    rows = PurchaseOrder.objects.filter(supplier__in=actor.organisations)
    rows = rows.exclude(state__in=DONE) if open_only else rows.order_by("-sent_at")
    return joined(list(rows[:100]))


def order_of(row: Round) -> PurchaseOrder | None:
    """Return the order of a round; None where none was placed."""
    found = PurchaseOrder.objects.filter(round=row).first()
    return joined([found])[0] if found else None


def may_supply(order: PurchaseOrder, actor: Actor) -> bool:
    """Tell whether somebody works on an order as the supplier, or for it at the place."""
    return actor.may(Permission.SUPPLY, organisation=order.supplier_id) or may_order(order, actor)


def may_order(order: PurchaseOrder, actor: Actor) -> bool:
    """Tell whether somebody decides for the place."""
    return actor.may(Permission.ORDER, path=order.path)


def check_may_look(order: PurchaseOrder, actor: Actor) -> None:
    """Raise Denied for who sees the place but neither buys for it nor supplies it (a volunteer, a gate keeper)."""
    if not may_supply(order, actor):
        actor.must(Permission.ORDER, path=order.path, organisation=order.supplier_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of an order and how it stands."""

    line: PurchaseLine
    promised: Decimal
    """Sale units that households are to get now, or have got."""
    homes: int
    proposal: Proposal | None = None
    """What waits for the liaison."""

    @property
    def is_short(self) -> bool:
        """Whether households get less than they were promised when it was ordered."""
        return self.promised < self.line.wanted

    @property
    def cases(self) -> int | None:
        """Whole cases that are brought: fewer where it is short; None where it does not come in cases."""
        size = self.line.case_size
        if self.line.cases is None or not size:
            return None
        return min(self.line.cases, int(-(-self.promised // size))) if self.is_short else self.line.cases

    @property
    def missing(self) -> Decimal:
        """Sale units that households get less than they were promised."""
        return max(self.line.wanted - self.promised, Decimal(0))

    @property
    def spare(self) -> Decimal:
        """What whole cases bring beyond the promises; nothing where the good is short."""
        return max(self.line.quantity - self.line.wanted, Decimal(0)) if not self.is_short else Decimal(0)


def standing_of(order: PurchaseOrder) -> list[Standing]:
    """Return the lines of an order with what is promised; three queries, names nobody."""
    with acting_as(SYSTEM):
        lines = list(order.lines.select_related("item__product", "order"))
        waiting = {
            one.line_id: one
            for one in order.proposals.filter(state=ProposalState.PROPOSED).select_related(
                "substitute__product"
            )
        }
        sums = _promises([order.round.book_id])
    found = {
        line.pk: sums.get((order.round.book_id, line.item.product_id), (Decimal(0), 0)) for line in lines
    }
    return [
        Standing(
            line,
            _brought(order, line, found[line.pk][0]),
            found[line.pk][1],
            waiting.get(line.pk),
        )
        for line in lines
    ]


def _brought(order: PurchaseOrder, line: PurchaseLine, owed: Decimal) -> Decimal:
    """Once it is packed, what was confirmed counts: what is owed goes down with every door that is served."""
    return owed if is_open(order) or line.confirmed is None else line.confirmed


def others_of(order: PurchaseOrder, line: PurchaseLine) -> list[RoundItem]:
    """Return the other goods of the round: what may stand in for a line; one query."""
    with acting_as(SYSTEM):
        rows = RoundItem.objects.filter(round=order.round_id).exclude(pk=line.item_id)
        return list(rows.select_related("product"))


def promised(row: Round) -> defaultdict[UUID, dict[UUID, Decimal]]:
    """Return what each household was promised and has not had: {product: {household: sale units}}; one query."""
    found: defaultdict[UUID, dict[UUID, Decimal]] = defaultdict(dict)
    rows = _promised([row.book_id]).values_list("account__owner", "product", "amount")
    for home, product, amount in rows:
        found[product][home] = units(amount)
    return found


def wanted_of(row: Round) -> dict[UUID, Decimal]:
    """Return how much of each product is promised and not had, in sale units; one query."""
    return {product: total for (_, product), (total, _) in _promises([row.book_id]).items()}


def _promised(books: Collection[UUID]) -> QuerySet[Balance]:
    return Balance.objects.filter(
        account__book__in=books, account__kind=AccountKind.OWED, amount__gt=0, product__isnull=False
    )


def _promises(books: Collection[UUID]) -> dict[tuple[UUID, UUID], tuple[Decimal, int]]:
    """Return how much is promised and not had, and by how many homes: {(book, product): (sale units, homes)}."""
    rows = _promised(books).values_list("account__book", "product")
    summed = rows.annotate(total=Sum("amount"), homes=Count("account__owner", distinct=True))
    return {(book, product): (units(total), homes) for book, product, total, homes in summed}


@dataclass(frozen=True, slots=True)
class Work:
    """An order on the supplier's desk: what it is, how much, how far."""

    order: PurchaseOrder
    homes: int
    goods: tuple[tuple[str, str, Decimal], ...]
    """(good, unit, sale units) to pick, in the order of the round."""
    bags: int
    waiting: int
    """Proposals that the liaison has not answered."""


def desk_of(orders: Sequence[PurchaseOrder]) -> list[Work]:
    """Return what to pick, compound by compound; five queries however many orders."""
    with acting_as(SYSTEM):
        books = [one.round.book_id for one in orders]
        amounts = _promises(books)
        counted = _promised(books).values_list("account__book")
        homes = dict(counted.annotate(homes=Count("account__owner", distinct=True)))
        lines: dict[UUID, list[PurchaseLine]] = defaultdict(list)
        for line in PurchaseLine.objects.filter(order__in=list(orders)).select_related("item__product"):
            lines[line.order_id].append(line)
        bags = _count(Parcel.objects.filter(book__in=books, kind=ParcelKind.BAG), "book")
        waiting = _count(
            Proposal.objects.filter(order__in=list(orders), state=ProposalState.PROPOSED), "order"
        )
    return [
        Work(
            one,
            homes.get(one.round.book_id, 0),
            tuple(
                (
                    line.item.product.name,
                    line.item.product.unit,
                    amounts.get((one.round.book_id, line.item.product_id), (Decimal(0), 0))[0],
                )
                for line in lines[one.pk]
            ),
            bags.get(one.round.book_id, 0),
            waiting.get(one.pk, 0),
        )
        for one in orders
    ]


@dataclass(frozen=True, slots=True)
class Pick:
    """A good over all compounds: what to bring from the shelf at once (FC3b)."""

    good: str
    unit: str
    units: Decimal
    compounds: int


def picks_of(works: Sequence[Work]) -> list[Pick]:
    """Return what is still to be picked, good by good over all orders that are not packed."""
    units: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    compounds: dict[tuple[str, str], int] = defaultdict(int)
    for work in works:
        for good, unit, amount in work.goods if is_open(work.order) else ():
            units[good, unit] += amount
            compounds[good, unit] += amount > 0
    return [
        Pick(good, unit, amount, compounds[good, unit]) for (good, unit), amount in units.items() if amount
    ]


def _count(rows: QuerySet[Any], by: str) -> dict[UUID, int]:
    return dict(rows.values_list(by).annotate(Count("pk")).order_by())


def waiting_at(path: str) -> QuerySet[PurchaseOrder]:
    """Return the orders of a place that wait for somebody: unanswered, or with `proposed` proposals; one query."""
    proposed = Count("proposals", filter=Q(proposals__state=ProposalState.PROPOSED))
    rows = PurchaseOrder.objects.filter(path__within=path, state__in=OPEN).annotate(proposed=proposed)
    return rows.filter(Q(state=OrderState.SENT) | Q(proposed__gt=0)).select_related("round")


def is_open(order: PurchaseOrder) -> bool:
    """Tell whether the supplier can still change something."""
    return order.state in OPEN
