"""Who gets what in a round, why, and what is carried to the next."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.orders.models import Request, Round, RoundItem
from lastmetre.ground.goods.models import Product
from lastmetre.ground.goods.models.catalogue import QUANTITY, choices
from lastmetre.ground.places.models import Household, Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id


class Allocation(Placed):
    """A round was shared out: all that is needed to repeat it (PD8: everybody can check the rule)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="allocations")
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    seed = models.PositiveBigIntegerField()
    """Draws the lots."""
    version = models.CharField(max_length=20)
    """Of the program that planned."""
    rule = models.JSONField()
    """`planning.weights.Rule`, and which part of a last case must be wanted."""
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(undone_at__isnull=True), name="allocation_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="allocation_undone_by_somebody",
            ),
        ]


class Share(Placed):
    """What one household gets of one good (`place` is its door)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="shares")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="shares")
    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="shares")
    substitute_for = models.ForeignKey(
        RoundItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The good that ran short, which this one stands in for (YX7)."""
    asked = models.DecimalField(**QUANTITY)
    planned = models.DecimalField(**QUANTITY)
    """By the rule; stays when somebody overrides it."""
    got = models.DecimalField(**QUANTITY)
    weight = models.PositiveIntegerField()
    """`planning.weights`: parts, `rule["person"]` of them a person."""
    reason = models.JSONField()
    """`notice_rules.kept`: said again in any language."""
    credit_before = models.BigIntegerField(default=0)
    """Millionths of a step (`planning.shares`)."""
    credit_after = models.BigIntegerField(default=0)
    overridden_at = models.DateTimeField(null=True, blank=True)
    overridden_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "request", "item", "substitute_for"],
                name="share_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(asked__gte=0, planned__gte=0, got__gte=0), name="share_not_below_0"
            ),
            models.CheckConstraint(
                condition=Q(substitute_for__isnull=True) | ~Q(substitute_for=F("item")),
                name="share_substitute_for_another",
            ),
            models.CheckConstraint(
                condition=Q(overridden_at__isnull=True, overridden_by="")
                | (Q(overridden_at__isnull=False) & ~Q(overridden_by="")),
                name="share_overridden_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["request"], name="share_of_request")]


class Revision(Placed, Confidential):
    """A share was changed after the sharing, and why: seen by everybody who checks the list."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="revisions")
    before = models.DecimalField(**QUANTITY)
    after = models.DecimalField(**QUANTITY)
    cause = models.CharField(max_length=16, choices=choices(Cause))
    words = PersonalText()
    """Sealed although no name belongs into it: somebody may write one."""
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["at", "id"]


class CaseOrder(models.Model):
    """What is to be ordered of a good: whole cases, or single units; what is short and what is to spare."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="case_orders")
    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="+")
    stock = models.DecimalField(**QUANTITY, null=True, blank=True)
    """What the supplier has; None: as much as is wanted."""
    wanted = models.DecimalField(**QUANTITY)
    """Within the limits, substitutes not counted."""
    handed = models.DecimalField(**QUANTITY)
    """What households get, substitutes included."""
    level_numerator = models.BigIntegerField(null=True, blank=True)
    level_denominator = models.BigIntegerField(null=True, blank=True)
    """Steps a part of weight at which the good was shared; None where there was enough."""
    case_size = models.PositiveIntegerField(null=True, blank=True)
    """None: single units are sold."""
    cases = models.PositiveIntegerField(default=0)
    spare = models.DecimalField(**QUANTITY, default=0)
    sentence = models.JSONField()

    class Meta:
        ordering = ["item__number"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "item"], name="case_order_once"),
            models.CheckConstraint(condition=Q(spare__gte=0), name="case_order_spare_not_below_0"),
            models.CheckConstraint(
                condition=Q(level_numerator__isnull=True, level_denominator__isnull=True)
                | Q(level_numerator__gte=0, level_denominator__gt=0),
                name="case_order_level_whole",
            ),
        ]


class Credit(Placed):
    """What rounding took from a household (or, below 0, gave it) of a good: counted in at its next round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="credits")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    carried = models.BigIntegerField()
    """Millionths of a step."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "product"], name="credit_once")]


class Willing(Placed):
    """A household would take more of a good, to fill a case (foodsoft #473); `place` is its door."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="willing")
    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="+")
    more = models.DecimalField(**QUANTITY)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "item"], name="willing_once"),
            models.CheckConstraint(condition=Q(more__gt=0), name="willing_to_take_something"),
        ]
