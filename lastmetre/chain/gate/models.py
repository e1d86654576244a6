"""What arrives at a gate, who holds it, and which bag was counted in by whom; written by `gate.actions` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.orders.models import Round
from lastmetre.chain.transport.models import Load
from lastmetre.ground.places.models import Placed
from lastmetre.ground.protection.ids import new_id


class Arrival(Placed):
    """Goods of a round that stand at the gate (`place` is the compound), in a named person's hands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="arrivals")
    load = models.OneToOneField(Load, on_delete=models.PROTECT, null=True, blank=True, related_name="arrival")
    """The vehicle that brought them; None: somebody came without having been announced."""
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=40)
    holder = models.CharField(max_length=40)
    """Key of the person who answers for what is counted in and not yet sorted."""
    held_since = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    """When fresh goods of it have waited too long, or are looked at again; None: nothing fresh waits."""

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(holder="") & ~Q(received_by=""), name="arrival_held_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by="")
                | Q(finished_at__isnull=False) & ~Q(finished_by=""),
                name="arrival_finished_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(held_since__gte=F("received_at")), name="arrival_held_after_it_came"
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(load__isnull=True, finished_at__isnull=True),
                name="arrival_one_open_without_vehicle",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="arrival_by_due")]


class Counted(Placed):
    """A bag that was counted in (`place` is its door): once, whoever scans it again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="counted")
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, related_name="counted")
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(by=""), name="counted_by_somebody")]
