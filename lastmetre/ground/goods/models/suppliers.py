"""Suppliers, their papers, what they can bring and where; whom residents pay."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from lastmetre.ground.goods.models.catalogue import Category, choices
from lastmetre.ground.goods.rules import PayeeState, ServiceMode, SupplierKind
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.places.models import Placed
from lastmetre.ground.places.models.regimes import TimeRange
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id


class Supplier(Placed, Confidential):
    """An organisation that sells or makes goods; its id is the organisation's, so that own rows are seen.

    `place` is its seat.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="supplier")
    kind = models.CharField(max_length=20, choices=choices(SupplierKind))
    licence = models.CharField(max_length=40, blank=True)
    licence_from = models.DateField(null=True, blank=True)
    licence_until = models.DateField(null=True, blank=True)
    """None: without end."""
    pledged_on = models.DateField(null=True, blank=True)
    """When it signed the pledge on price and supply (QZ4)."""
    plan_filed_on = models.DateField(null=True, blank=True)
    plan = models.TextField(blank=True)
    """Its own supply plan (ER17)."""
    is_key = models.BooleanField(default=False)
    """On the published list of key suppliers (QZ2)."""
    heads = models.PositiveIntegerField(null=True, blank=True)
    """How many people it can supply (YX15)."""
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    contact_name = PersonalText()
    contact_phone = PersonalText()

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            models.CheckConstraint(condition=Q(id=F("organisation")), name="supplier_is_its_organisation"),
            models.CheckConstraint(
                condition=Q(licence_until__isnull=True)
                | Q(licence_from__isnull=True)
                | Q(licence_until__gte=F("licence_from")),
                name="supplier_licence_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(plan="") | Q(plan_filed_on__isnull=False), name="supplier_plan_dated"
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="supplier_position_whole",
            ),
            models.UniqueConstraint(
                fields=["licence"], condition=~Q(licence=""), name="supplier_licence_once"
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class SupplierCapacity(models.Model):
    """How much of a category a supplier can bring in a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="capacities")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    daily_kg = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "category"], name="capacity_once")]


class SupplierArea(Placed):
    """A supplier serves a place and what lies below, in some mode, for a time (ER15a, FC1, YX14a, YX15)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="areas")
    mode = models.CharField(max_length=10, choices=choices(ServiceMode))
    order_url = models.URLField(blank=True)
    """The published link for this place (ER15a, FC3a, YC3)."""
    fee_fen = models.PositiveIntegerField(default=0)
    """What bringing an order costs a household."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="supplier_area_ends_after_start",
            ),
            ExclusionConstraint(
                name="supplier_area_one_at_a_time",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("mode", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Payee(Confidential):
    """Whom residents pay at a supplier, and the code they scan: one in force, changed by two people."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="payees")
    name = PersonalText()
    code = PersonalText()
    """What the collection code says when it is scanned."""
    state = models.CharField(max_length=10, choices=choices(PayeeState), default=PayeeState.PROPOSED.value)
    proposed_by = models.CharField(max_length=40)
    """Key of an actor, as in the journal."""
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by="", decided_at__isnull=True, state=PayeeState.PROPOSED.value)
                | ~Q(decided_by="") & Q(decided_at__isnull=False) & ~Q(state=PayeeState.PROPOSED.value),
                name="payee_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="payee_takes_two_people"),
            models.UniqueConstraint(
                fields=["supplier"],
                condition=Q(state=PayeeState.IN_FORCE.value),
                name="payee_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["supplier"],
                condition=Q(state=PayeeState.PROPOSED.value),
                name="payee_one_proposed",
            ),
        ]
