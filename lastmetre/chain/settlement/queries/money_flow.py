"""Money of a round from bill to supplier: what is open, and what each sum is made of (PD6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from lastmetre.chain.ledger.models import Balance, Book, Line
from lastmetre.chain.ledger.rules import AccountKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.models import Claim, Decision, Payment, StatementLine, SupplierBill
from lastmetre.chain.settlement.queries.bills import BILLED, sale
from lastmetre.chain.settlement.rules import ClaimState, DecisionKind, DecisionState, LineState

REFUND, IN_FORCE = DecisionKind.REFUND, DecisionState.IN_FORCE
_MONEY = (
    *(AccountKind.DUE, AccountKind.SALES, AccountKind.RECEIVED, AccountKind.FUND),
    *(AccountKind.CARRIED, AccountKind.WRITTEN_OFF, AccountKind.PLEDGED),
)


@dataclass(frozen=True, slots=True)
class Money:
    """The sums of a round, in fen."""

    billed: int
    """What all goods cost after what was taken off."""
    confirmed: int
    """Payments that count."""
    claimed: int
    """Said to be paid, and not confirmed."""
    claims: int
    oldest_claim: UUID | None
    owing: int
    """Households that have to pay something."""
    open: int
    owed_homes: int
    """Households that are owed something."""
    owed: int
    refunded: int
    carried_out: int
    """Credits (below zero) and debts that go to the next round."""
    fund: int
    pledged: int
    """What a fund has to pay and has not (QZ7)."""
    pledged_homes: int
    """Households for whom."""
    fund_back: int
    """What a fund has paid too much."""
    written_off: int
    sales: int
    """What the supplier has earned and not been settled (0 or below)."""
    earned: int
    """What the supplier's delivered goods cost."""
    in_hand: int
    """Received and not settled yet."""
    cash: int
    """Of that: in the compound's cash box."""
    settled: int
    lines_waiting: int
    decisions_waiting: int
    bill: SupplierBill | None
    by_kind: dict[AccountKind, int] = field(default_factory=dict)


def money(book: Book) -> Money:
    """Return the sums of a book; five queries."""
    held = _held(book)
    sums = {kind: one["total"] for kind, one in held.items() if one["total"]}
    due, pledged = held[AccountKind.DUE], held[AccountKind.PLEDGED]
    by_cause, billed = _by_cause(book)
    decided, decisions_waiting = _decided(book)
    return Money(
        **_counted(book),
        billed=billed,
        owing=due["owing"],
        open=due["owed"],
        owed_homes=due["owed_to"],
        owed=due["owed"] - due["total"],
        refunded=-by_cause[AccountKind.RECEIVED, Cause.REFUNDED] - decided[REFUND, DecisionState.REVERSED],
        carried_out=decided[DecisionKind.CARRY, IN_FORCE],
        fund=decided[DecisionKind.FREE, IN_FORCE] - decided[DecisionKind.RETURN, IN_FORCE],
        pledged=pledged["owed"],
        pledged_homes=pledged["owing"],
        fund_back=pledged["owed"] - pledged["total"],
        written_off=decided[DecisionKind.WRITE_OFF, IN_FORCE],
        sales=sums.get(AccountKind.SALES, 0),
        earned=_earned(by_cause),
        in_hand=sum(
            sums.get(kind, 0) for kind in (AccountKind.RECEIVED, AccountKind.FUND, AccountKind.WRITTEN_OFF)
        ),
        cash=held[AccountKind.RECEIVED]["in_nobodys_name"],
        settled=by_cause[AccountKind.SALES, Cause.SETTLED],
        decisions_waiting=decisions_waiting,
        bill=SupplierBill.objects.filter(book=book).order_by("-stated_at", "-pk").first(),
        by_kind=sums,
    )


def _held(book: Book) -> dict[AccountKind, dict[str, int]]:
    """Return the money on each kind of account: all of it, and who owes or is owed how much of it."""
    rows = Balance.objects.filter(account__book=book, account__kind__in=_MONEY, product=None)
    found: dict[AccountKind, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.values("account__kind").annotate(
        total=Sum("amount"),
        owing=Count("pk", filter=Q(amount__gt=0)),
        owed=Sum("amount", filter=Q(amount__gt=0)),
        owed_to=Count("pk", filter=Q(amount__lt=0)),
        in_nobodys_name=Sum("amount", filter=Q(account__owner=None)),
    ):
        kind = AccountKind(row.pop("account__kind"))
        found[kind] = {name: figure or 0 for name, figure in row.items()}
    return found


def _counted(book: Book) -> dict[str, Any]:
    """Return what was paid, is said to be paid and waits in statements: asked beside the round, in one query."""
    paid = Payment.objects.filter(book=book, reversed_at=None)
    claims = Claim.objects.filter(book=book, state=ClaimState.OPEN)
    lines = StatementLine.objects.filter(
        supplier=book.supplier_id, state=LineState.OPEN, path__within=book.path
    )
    fen = Sum("amount_fen")
    found = Round.objects.filter(book=book).values(
        confirmed=_beside(paid, "book", fen),
        claimed=_beside(claims, "book", fen),
        claims=_beside(claims, "book", Count("pk")),
        oldest_claim=Subquery(claims.order_by("made_at").values("pk")[:1]),
        lines_waiting=_beside(lines, "supplier", Count("pk")),
    )
    return dict(found.get())


def _beside(rows: QuerySet[Any], same: str, what: Sum | Count) -> Coalesce:
    """Return a total as a part of another query; `same` is a column in which the rows do not differ."""
    return Coalesce(Subquery(rows.order_by().values(same).annotate(total=what).values("total")), 0)


def _by_cause(book: Book) -> tuple[dict[tuple[AccountKind, Cause], int], int]:
    """Return what moved on each kind of account by cause, and what the goods of all households cost."""
    sums: dict[tuple[AccountKind, Cause], int] = defaultdict(int)
    billed = 0
    rows = Line.objects.filter(account__book=book, product=None).values_list(
        "account__kind", "posting__cause"
    )
    for kind, cause, total, sold in rows.annotate(total=Sum("amount"), sold=Sum("amount", filter=sale(book))):
        sums[AccountKind(kind), Cause(cause)] = total
        billed += (sold or 0) if kind in BILLED else 0
    return sums, billed


def _decided(book: Book) -> tuple[dict[tuple[DecisionKind, DecisionState], int], int]:
    """Return the sums decided by kind and state, and how many decisions wait for a second person."""
    sums: dict[tuple[DecisionKind, DecisionState], int] = defaultdict(int)
    waiting = 0
    rows = Decision.objects.filter(book=book).values_list("kind", "state")
    for kind, state, total, count in rows.annotate(total=Sum("amount_fen"), count=Count("pk")):
        sums[DecisionKind(kind), DecisionState(state)] = total
        waiting += count if state == DecisionState.PROPOSED else 0
    return sums, waiting


def _earned(by_cause: Mapping[tuple[AccountKind, Cause], int]) -> int:
    # Settling moves what was earned, and what is carried over was earned in another round.
    moved = (Cause.SETTLED, Cause.CARRIED)
    return -sum(
        total for (kind, cause), total in by_cause.items() if kind is AccountKind.SALES and cause not in moved
    )


def earned(book: Book) -> int:
    """Return what the supplier earned in a round: what its delivered goods cost. One query."""
    return _earned(_by_cause(book)[0])


def pledged_fen(book: Book) -> int:
    """Return what a fund has to pay in a round and has not. One query."""
    rows = Balance.objects.filter(account__book=book, account__kind=AccountKind.PLEDGED, amount__gt=0)
    return rows.aggregate(total=Sum("amount"))["total"] or 0
