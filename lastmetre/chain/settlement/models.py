"""Claims, payments, statements, decisions about money, funds, and what suppliers bill."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.ledger.models import Book
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.settlement.rules import ClaimState, DecisionKind, DecisionState, How, LineState
from lastmetre.chain.settlement.rules.matching import Ground
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.models.catalogue import choices
from lastmetre.ground.places.models import Household, Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id
from lastmetre.reading.payment_statements import PaymentApp


class Claim(Placed, Confidential):
    """A household says that it has paid; never a fact until somebody or a statement confirms it."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="claims")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.PositiveIntegerField()
    reference = PersonalText()
    """Digits of the transaction's number, as typed: often the last four."""
    words = PersonalText()
    paid_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=choices(ClaimState), default=ClaimState.OPEN.value)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=40, blank=True)
    why = PersonalText()

    class Meta:
        ordering = ["made_at"]
        indexes = [models.Index(fields=["book", "state"], name="claim_of_book")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="claim_of_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="")
                | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
                name="claim_settled_by_somebody",
            ),
        ]


class StatementLine(Placed, Confidential):
    """A line of a payment app's statement: once, however often the file is given (`digest`)."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="statement_lines")
    app = models.CharField(max_length=8, choices=choices(PaymentApp))
    digest = models.CharField(max_length=64)
    """Keyed mark of the transaction's number."""
    number = PersonalText()
    payer = PersonalText()
    note = PersonalText()
    amount_fen = models.IntegerField()
    """Below zero: given back, on a line of its own."""
    refunded_fen = models.PositiveIntegerField(default=0)
    paid_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(LineState), default=LineState.OPEN.value)
    ground = models.CharField(max_length=12, choices=choices(Ground))
    candidates = models.JSONField(default=list)
    """Ids of households that it might be of."""
    book = models.ForeignKey(Book, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_seen_at = models.DateTimeField()
    first_seen_by = models.CharField(max_length=40)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=40, blank=True)
    why = PersonalText()

    class Meta:
        ordering = ["paid_at"]
        indexes = [models.Index(fields=["supplier", "state"], name="statement_line_queue")]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "app", "digest"], name="statement_line_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="", state=LineState.OPEN.value)
                | (Q(settled_at__isnull=False) & ~Q(settled_by="") & ~Q(state=LineState.OPEN.value)),
                name="statement_line_settled_by_somebody",
            ),
        ]


class Payment(Placed, Confidential):
    """Money that came in, confirmed; taken back only by its opposite."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="payments")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.PositiveIntegerField()
    how = models.CharField(max_length=10, choices=choices(How))
    reference = PersonalText()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    line = models.ForeignKey(
        StatementLine, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    paid_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=40)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.CharField(max_length=40, blank=True)
    why = PersonalText()

    class Meta:
        ordering = ["confirmed_at"]
        indexes = [models.Index(fields=["book", "household"], name="payment_of_household")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_of_something"),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(line__isnull=False, reversed_at__isnull=True),
                name="payment_once_a_line",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(claim__isnull=False, reversed_at__isnull=True),
                name="payment_once_a_claim",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True, reversed_by="")
                | (Q(reversed_at__isnull=False) & ~Q(reversed_by="")),
                name="payment_reversed_by_somebody",
            ),
        ]


class Fund(Placed, Confidential):
    """A donation or public money that pays for households (QZ7)."""

    name = models.CharField(max_length=60)
    donor = PersonalText()
    given_fen = models.PositiveBigIntegerField()
    spent_fen = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="fund_has_a_name"),
            models.CheckConstraint(condition=Q(spent_fen__lte=F("given_fen")), name="fund_not_overspent"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="fund_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left_fen(self) -> int:
        """What it can still pay."""
        return self.given_fen - self.spent_fen


class Decision(Placed, Confidential):
    """A refund, allowance, gift, carry or write-off of a household; above a limit it takes two people."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="decisions")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=choices(DecisionKind))
    amount_fen = models.IntegerField()
    """Carried: below zero is a credit of the household. All else is above zero."""
    cause = models.CharField(max_length=16, choices=choices(Cause), blank=True)
    """Of an allowance: short, damaged, spoiled."""
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    why = PersonalText()
    state = models.CharField(max_length=10, choices=choices(DecisionState))
    is_alone = models.BooleanField()
    """One person decided it."""
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.CharField(max_length=40, blank=True)
    taken_over = models.ForeignKey(
        Book, on_delete=models.PROTECT, null=True, blank=True, related_name="carried_in"
    )
    """The book of the next round, once it has counted what was carried."""

    class Meta:
        ordering = ["proposed_at"]
        indexes = [
            models.Index(fields=["book", "household"], name="decision_of_household"),
            models.Index(fields=["household", "kind", "state"], name="decision_carried"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="decision_moves_something"),
            models.CheckConstraint(
                condition=Q(kind=DecisionKind.CARRY.value) | Q(amount_fen__gt=0), name="decision_above_0"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[DecisionKind.FREE.value, DecisionKind.RETURN.value], fund__isnull=False)
                | ~Q(kind__in=[DecisionKind.FREE.value, DecisionKind.RETURN.value]) & Q(fund__isnull=True),
                name="decision_fund_where_it_pays",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by="", state=DecisionState.PROPOSED.value)
                | (Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(state=DecisionState.PROPOSED.value)),
                name="decision_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_alone=True) | Q(decided_by="") | ~Q(decided_by=F("proposed_by")),
                name="decision_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True, reversed_by="") & ~Q(state=DecisionState.REVERSED.value)
                | Q(reversed_at__isnull=False) & ~Q(reversed_by="") & Q(state=DecisionState.REVERSED.value),
                name="decision_reversed_by_somebody",
            ),
        ]


class SupplierBill(Placed):
    """What the supplier asks for a round; the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="bills")
    amount_fen = models.PositiveIntegerField()
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=40)
    agreed_why = models.CharField(max_length=200, blank=True)
    """Why it differs from what was delivered, where both sides agreed."""

    class Meta:
        ordering = ["-stated_at"]
