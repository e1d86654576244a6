"""Orders at suppliers, line by line; what they propose instead."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.purchase.rules import OrderState, ProposalState, ShortCause
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.models.catalogue import QUANTITY, choices
from lastmetre.ground.places.models import Placed
from lastmetre.ground.protection.ids import new_id


def _paired(model: str, *names: str) -> list[models.CheckConstraint]:
    """Return the constraints that what happened at a time was done by somebody."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{name}_at__isnull": True, f"{name}_by": ""})
            | Q(**{f"{name}_at__isnull": False}) & ~Q(**{f"{name}_by": ""}),
            name=f"{model}_{name}_by_somebody",
        )
        for name in names
    ]


class PurchaseOrder(Placed):
    """What a compound (`place`) buys from a supplier in a round: one order a round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="purchase")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="purchases")
    state = models.CharField(max_length=12, choices=choices(OrderState), default=OrderState.SENT.value)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=40)
    wanted_at = models.DateTimeField()
    """When the goods must be at the gate."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=40, blank=True)
    packing_at = models.DateTimeField(null=True, blank=True)
    packing_by = models.CharField(max_length=40, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    packed_by = models.CharField(max_length=40, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.CharField(max_length=40, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["wanted_at"]
        constraints = _paired("purchase", "confirmed", "packing", "packed", "handed_over", "failed")
        indexes = [models.Index(fields=["supplier", "state"], name="purchase_of_supplier")]

    def __str__(self) -> str:
        return str(self.pk)


class PurchaseLine(models.Model):
    """One good of an order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    item = models.OneToOneField(RoundItem, on_delete=models.PROTECT, related_name="purchase")
    case_size = models.PositiveIntegerField(null=True, blank=True)
    cases = models.PositiveIntegerField(null=True, blank=True)
    """Whole cases; None where it does not come in cases."""
    quantity = models.DecimalField(**QUANTITY)
    """Sale units that are bought: the whole cases."""
    wanted = models.DecimalField(**QUANTITY)
    """Sale units promised to households when it was ordered; the rest of the cases is spare."""
    confirmed = models.DecimalField(**QUANTITY, null=True, blank=True)
    """Sale units for households that the supplier says it has; None: no answer yet."""
    short_cause = models.CharField(max_length=10, choices=choices(ShortCause), blank=True)
    """Why it was last marked short; '' where it never was. What else was said stands in the journal, sealed."""
    asked_fen = models.PositiveIntegerField()
    """What the households ordered at: the pledge."""
    agreed_fen = models.PositiveIntegerField()

    class Meta:
        ordering = ["item__number"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="purchase_line_not_below_0"),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True) | Q(confirmed__gte=0),
                name="purchase_line_confirmed_not_below_0",
            ),
            models.CheckConstraint(
                condition=Q(agreed_fen__lte=F("asked_fen")), name="purchase_price_within_pledge"
            ),
            models.CheckConstraint(
                condition=Q(cases__isnull=True) | Q(case_size__gt=0), name="purchase_cases_have_a_size"
            ),
        ]


class Proposal(models.Model):
    """Another good of the round that the supplier offers in place of one that is short (YX7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="proposals")
    line = models.ForeignKey(PurchaseLine, on_delete=models.CASCADE, related_name="proposals")
    substitute = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(**QUANTITY)
    """Sale units of the substitute, one in place of one."""
    state = models.CharField(
        max_length=10, choices=choices(ProposalState), default=ProposalState.PROPOSED.value
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            *_paired("proposal", "decided"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="proposal_of_something"),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state=ProposalState.PROPOSED.value),
                name="proposal_one_at_a_time",
            ),
        ]
