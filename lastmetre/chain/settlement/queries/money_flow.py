"""Money of a round from bill to supplier: what is open, and what each sum is made of (PD6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Sum

from lastmetre.chain.ledger.models import Balance, Book, Line
from lastmetre.chain.ledger.rules import AccountKind, Cause
from lastmetre.chain.settlement.models import Claim, Decision, StatementLine, SupplierBill
from lastmetre.chain.settlement.queries.bills import bills, paid_by_household
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
    """Return the sums of a book; seven queries."""
    rows = Balance.objects.filter(account__book=book, account__kind__in=_MONEY, product=None)
    held: dict[AccountKind, list[tuple[UUID | None, int]]] = defaultdict(list)
    for kind, owner, amount in rows.values_list("account__kind", "account__owner", "amount"):
        if amount:
            held[AccountKind(kind)].append((owner, amount))
    sums = {kind: sum(amount for _, amount in found) for kind, found in held.items()}
    due = [amount for _, amount in held[AccountKind.DUE]]
    pledged = [amount for _, amount in held[AccountKind.PLEDGED]]
    claims = Claim.objects.filter(book=book, state=ClaimState.OPEN).values_list("amount_fen", flat=True)
    by_cause, decided = _by_cause(book), _decided(book)
    waiting = StatementLine.objects.filter(
        supplier=book.supplier_id, state=LineState.OPEN, path__within=book.path
    )
    return Money(
        billed=sum(bills(book).values()),
        confirmed=sum(paid_by_household(book).values()),
        claimed=sum(claims),
        claims=len(claims),
        owing=sum(1 for fen in due if fen > 0),
        open=sum(fen for fen in due if fen > 0),
        owed_homes=sum(1 for fen in due if fen < 0),
        owed=-sum(fen for fen in due if fen < 0),
        refunded=-by_cause[AccountKind.RECEIVED, Cause.REFUNDED] - decided[REFUND, DecisionState.REVERSED],
        carried_out=decided[DecisionKind.CARRY, IN_FORCE],
        fund=decided[DecisionKind.FREE, IN_FORCE] - decided[DecisionKind.RETURN, IN_FORCE],
        pledged=sum(fen for fen in pledged if fen > 0),
        pledged_homes=sum(1 for fen in pledged if fen > 0),
        fund_back=-sum(fen for fen in pledged if fen < 0),
        written_off=decided[DecisionKind.WRITE_OFF, IN_FORCE],
        sales=sums.get(AccountKind.SALES, 0),
        in_hand=sum(
            sums.get(kind, 0) for kind in (AccountKind.RECEIVED, AccountKind.FUND, AccountKind.WRITTEN_OFF)
        ),
        cash=sum(fen for owner, fen in held[AccountKind.RECEIVED] if owner is None),
        settled=by_cause[AccountKind.SALES, Cause.SETTLED],
        lines_waiting=waiting.count(),
        decisions_waiting=Decision.objects.filter(book=book, state=DecisionState.PROPOSED).count(),
        bill=SupplierBill.objects.filter(book=book).order_by("-stated_at", "-pk").first(),
        by_kind=sums,
    )


def _by_cause(book: Book) -> dict[tuple[AccountKind, Cause], int]:
    rows = (
        Line.objects.filter(account__book=book, product=None)
        .values_list("account__kind", "posting__cause")
        .annotate(total=Sum("amount"))
    )
    return defaultdict(int, {(AccountKind(kind), Cause(cause)): total for kind, cause, total in rows})


def _decided(book: Book) -> dict[tuple[DecisionKind, DecisionState], int]:
    rows = Decision.objects.filter(book=book).values_list("kind", "state").annotate(total=Sum("amount_fen"))
    return defaultdict(
        int, {(DecisionKind(kind), DecisionState(state)): total for kind, state, total in rows}
    )


def earned(book: Book) -> int:
    """Return what the supplier earned in a round: what its delivered goods cost. One query."""
    rows = Line.objects.filter(account__book=book, account__kind=AccountKind.SALES, product=None)
    return -(
        rows.exclude(posting__cause__in=[Cause.SETTLED, Cause.CARRIED]).aggregate(t=Sum("amount"))["t"] or 0
    )


def pledged_fen(book: Book) -> int:
    """Return what a fund has to pay in a round and has not. One query."""
    rows = Balance.objects.filter(account__book=book, account__kind=AccountKind.PLEDGED, amount__gt=0)
    return rows.aggregate(total=Sum("amount"))["total"] or 0
