"""Loads: a vehicle that brings the bags of a round to its compound."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.orders.models import Round
from lastmetre.chain.transport.rules import LoadState
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.models.catalogue import choices
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.places.models import Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText


class Load(Placed, Confidential):
    """A vehicle and what it brings (`place` is the compound); its bags stand in VEHICLE, owner this id."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="loads")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The firm whose vehicle it is; None: the supplier's or the community's own."""
    is_own = models.BooleanField(default=False)
    """The community's own vehicle (FC4d)."""
    plate = models.CharField(max_length=12)
    driver = models.CharField(max_length=40, blank=True)
    """Key of the person who drives, where they have an account; they see the load."""
    driver_name = PersonalText()
    driver_phone = PersonalText()
    state = models.CharField(max_length=12, choices=choices(LoadState), default=LoadState.ANNOUNCED.value)
    expected_at = models.DateTimeField()
    """At the gate."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.CharField(max_length=40, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.CharField(max_length=40, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["expected_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(plate=""), name="load_has_a_plate"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{what}_at__isnull": True, f"{what}_by": ""})
                    | Q(**{f"{what}_at__isnull": False}) & ~Q(**{f"{what}_by": ""}),
                    name=f"load_{what}_by_somebody",
                )
                for what in ("left", "arrived", "cancelled")
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("left_at")),
                name="load_arrived_after_leaving",
            ),
            models.CheckConstraint(
                condition=Q(state=LoadState.ANNOUNCED.value, left_at__isnull=True)
                | Q(state=LoadState.CANCELLED.value, cancelled_at__isnull=False)
                | Q(state=LoadState.UNDERWAY.value, left_at__isnull=False, arrived_at__isnull=True)
                | Q(state=LoadState.ARRIVED.value, left_at__isnull=False, arrived_at__isnull=False),
                name="load_state_as_dated",
            ),
        ]
        indexes = [models.Index(fields=["state", "expected_at"], name="load_by_state")]

    def __str__(self) -> str:
        return self.plate
