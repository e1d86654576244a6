"""Waves, who takes which cart, what happened at each door, and the queue at the point."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.doorstep.rules import Effect, Outcome, TurnState
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.orders.models import Round
from lastmetre.ground.goods.models.catalogue import choices
from lastmetre.ground.places.models import Household, Place, Placed
from lastmetre.ground.protection.ids import new_id


class Wave(Placed):
    """One going-out of the carts of a round (ER5); addresses are shown until it ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    needs_photo = models.BooleanField(default=False)
    """A picture of the bag at each door."""
    at_point = models.BooleanField(default=False)
    """Residents come down to fetch; no carts go out."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="wave_number_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="wave_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="wave_ended_by_somebody",
            ),
        ]


class Duty(Placed):
    """A cart of a wave and who takes it; handed on where a phone or a person fails."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="duties")
    cart = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.CharField(max_length=40, blank=True)
    """Key of the volunteer; '' while nobody has it."""
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["cart"]
        constraints = [models.UniqueConstraint(fields=["wave", "cart"], name="duty_cart_once_a_wave")]
        indexes = [models.Index(fields=["person"], name="duty_of_person")]


class Drop(models.Model):
    """A bag of a cart, in the order in which the doors are walked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="drops")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="drops")
    carry = models.PositiveIntegerField()
    """From 1: top floor first."""

    class Meta:
        ordering = ["carry"]
        constraints = [models.UniqueConstraint(fields=["duty", "parcel"], name="drop_once_a_cart")]


class DoorEvent(Placed):
    """What a phone said of a door: its id is made on the phone, so it counts once; never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="door_events")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=16, choices=choices(Outcome))
    effect = models.CharField(max_length=10, choices=choices(Effect))
    undoes = models.UUIDField(null=True, blank=True)
    """The event that this one takes back; it may come first."""
    device_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["round", "household"], name="door_event_of_household")]


class Turn(Placed):
    """A household's place in the queue at the point, called by its number (FC3c)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="turns")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    """On the notice and on the screen: building by building."""
    queued = models.PositiveIntegerField()
    """Order in the queue: who missed a turn goes behind those who wait."""
    state = models.CharField(max_length=8, choices=choices(TurnState), default=TurnState.WAITING.value)
    called_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    """When they were called last and did not come; None: they have come back into the queue since."""
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["queued"]
        constraints = [
            models.UniqueConstraint(fields=["round", "household"], name="turn_once_a_household"),
            models.UniqueConstraint(fields=["round", "number"], name="turn_number_once"),
        ]
