"""Carts of a round's waves, and which bag goes on which; written by `sorting.actions` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.orders.models import Round
from lastmetre.chain.sorting.rules import CartState
from lastmetre.ground.goods.models.catalogue import choices
from lastmetre.ground.places.models import Place, Placed
from lastmetre.ground.protection.fields import Confidential, PersonalText
from lastmetre.ground.protection.ids import new_id


class CartRun(Placed, Confidential):
    """A numbered cart in one wave of a round (ER3b, ER5); its bags stand in CART, owner this id."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="carts")
    wave = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The stairwell, or the building without units; None: several share the cart."""
    weight_g = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=choices(CartState), default=CartState.OPEN.value)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=40, blank=True)
    note = PersonalText()
    """Why it goes although bags are missing."""
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["wave", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="cart_run_number_once_a_round"),
            models.CheckConstraint(condition=Q(wave__gt=0, number__gt=0), name="cart_run_counts_from_1"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{what}_at__isnull": True, f"{what}_by": ""})
                    | Q(**{f"{what}_at__isnull": False}) & ~Q(**{f"{what}_by": ""}),
                    name=f"cart_run_{what}_by_somebody",
                )
                for what in ("released", "taken")
            ),
            models.CheckConstraint(
                condition=Q(state=CartState.OPEN.value, released_at__isnull=True, taken_at__isnull=True)
                | Q(state=CartState.RELEASED.value, released_at__isnull=False, taken_at__isnull=True)
                | Q(state=CartState.TAKEN.value, released_at__isnull=False, taken_at__isnull=False),
                name="cart_run_state_as_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02}"


class Placement(Placed):
    """A bag's place on a cart (`place` is its door): planned first, then put there by a scan."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, related_name="placement")
    run = models.ForeignKey(CartRun, on_delete=models.PROTECT, related_name="placements")
    carry = models.PositiveSmallIntegerField()
    """Order of carrying on its cart, from 1: top floor first."""
    floor = models.SmallIntegerField(null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    placed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["carry"]
        constraints = [
            models.CheckConstraint(
                condition=Q(placed_at__isnull=True, placed_by="")
                | (Q(placed_at__isnull=False) & ~Q(placed_by="")),
                name="placement_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["run", "carry"], name="placement_of_run")]
