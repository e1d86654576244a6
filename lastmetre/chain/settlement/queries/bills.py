"""What a household was billed, paid and was given: from the postings themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from lastmetre.chain.ledger.models import Book, Line
from lastmetre.chain.ledger.rules import CAUSE_WORDS, AccountKind, Cause
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.models import Decision, Payment
from lastmetre.chain.settlement.rules import DecisionKind, DecisionState
from lastmetre.ground.places.models import Household
from lastmetre.terms import Sentence, say

BILLED = (AccountKind.DUE, AccountKind.PLEDGED)
"""What goods cost a household, or a fund in its stead: in a free round the fund is billed (QZ7)."""


def sale(book: Book) -> Q:
    """Return the filter for lines that say what goods cost: the sales account is in their posting.

    Payments and gifts never touch it.
    """
    sales = Line.objects.filter(account__book=book, account__kind=AccountKind.SALES, product=None)
    # A line of nothing adds nothing. The "or" keeps PostgreSQL to one look into a set: as a join, planned before
    # the tables have statistics (just after a cut-off), every line was held against every other for 13 s.
    return Q(posting__in=sales.values("posting")) | Q(amount=0)


def _due_lines(book: Book, household: UUID | None = None) -> QuerySet[Line]:
    rows = Line.objects.filter(account__book=book, account__kind__in=BILLED, product=None)
    return rows.filter(account__owner=household) if household else rows


def bill_fen(book: Book, household: UUID) -> int:
    """Return what the goods of a household cost, after all that was taken off. One query."""
    return _due_lines(book, household).filter(sale(book)).aggregate(total=Sum("amount"))["total"] or 0


def billed_fen(book: Book, household: UUID) -> int:
    """Return the most a household was ever asked for, before anything was taken off. One query."""
    asked = _due_lines(book, household).filter(sale(book) | Q(posting__cause=Cause.CARRIED), amount__gt=0)
    return asked.aggregate(total=Sum("amount"))["total"] or 0


@dataclass(frozen=True, slots=True)
class Bill:
    """What a household's goods cost after all that was taken off, and what is open of it; in fen."""

    fen: int = 0
    due_fen: int = 0
    """It has to pay; below zero: is owed."""
    pledged_fen: int = 0
    """A fund has to pay in its stead."""


def bills(book: Book, households: Collection[UUID] | None = None) -> dict[UUID, Bill]:
    """Return the bill of each household, or of each of some. One query."""
    lines = _due_lines(book)
    if households is not None:
        lines = lines.filter(account__owner__in=households)
    sold, held = Sum("amount", filter=sale(book)), Sum("amount")
    due = Sum("amount", filter=Q(account__kind=AccountKind.DUE))
    rows = lines.values_list("account__owner").annotate(sold=sold, due=due, held=held)
    return {owner: Bill(sold or 0, due or 0, held - (due or 0)) for owner, sold, due, held in rows}


def paid_fen(book: Book, household: UUID) -> int:
    """Return what a household paid that counts. One query."""
    rows = Payment.objects.filter(book=book, household=household, reversed_at=None)
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0


def credit_brought(book: Book, household: UUID) -> int:
    """Return the credit that a household brought along from earlier rounds. One query."""
    rows = Decision.objects.filter(taken_over=book, household=household, amount_fen__lt=0)
    return -(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def paid_by_household(book: Book, households: Collection[UUID] | None = None) -> dict[UUID, int]:
    """Return what each household, or each of some, paid that counts. One query."""
    rows = Payment.objects.filter(book=book, reversed_at=None)
    if households is not None:
        rows = rows.filter(household__in=households)
    sums = rows.values("household").annotate(total=Sum("amount_fen"))
    return {row["household"]: row["total"] for row in sums}


def waiting_fen(row: Round, household: Household) -> int:
    """Return what earlier rounds of the same supplier left to a household and is not on any bill yet: below zero a
    credit. One query."""
    rows = Decision.objects.filter(
        kind=DecisionKind.CARRY,
        state=DecisionState.IN_FORCE,
        taken_over=None,
        household=household,
        book__supplier=row.supplier_id,
    ).exclude(book=row.book_id)
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0


def decided_fen(book: Book, household: UUID) -> dict[DecisionKind, int]:
    """Return what was decided for a household and holds, by kind. One query."""
    rows = Decision.objects.filter(book=book, household=household, state=DecisionState.IN_FORCE)
    found = rows.values("kind").annotate(total=Sum("amount_fen"))
    return {DecisionKind(row["kind"]): row["total"] for row in found}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a household's account."""

    at: datetime
    cause: Cause
    amount_fen: int
    is_brought: bool = False
    """Carried here from an earlier round, not from here to the next."""

    @property
    def words(self) -> Sentence:
        """Why it moved."""
        return say("brought from an earlier round") if self.is_brought else CAUSE_WORDS[self.cause]


def steps(book: Book, household: UUID) -> list[Step]:
    """Return how a household's bill came about, first to last. Two queries."""
    brought = set(Decision.objects.filter(taken_over=book, household=household).values_list("pk", flat=True))
    rows = (
        _due_lines(book, household)
        .annotate(at=F("posting__at"), cause=F("posting__cause"), thing=F("posting__thing"))
        .order_by("posting__id")
        .values_list("at", "cause", "amount", "thing")
    )
    return [Step(at, Cause(cause), amount, thing in brought) for at, cause, amount, thing in rows]
