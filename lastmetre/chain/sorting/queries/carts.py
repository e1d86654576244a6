"""Carts of a round: how full each is, and what is missing on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.sorting.models import CartRun, Placement
from lastmetre.chain.sorting.rules import CART_COLOURS, CART_WORDS, CartState
from lastmetre.ground.places.rules import PlaceKind, spoken
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class RunCount:
    """A cart, and how many of its bags are on it."""

    run: CartRun
    placed: int
    total: int
    """Bags that have ended elsewhere are not waited for."""
    stairs: tuple[Sentence, ...]
    """Building and unit; () where several share it."""

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return self.placed >= self.total

    @property
    def words(self) -> Sentence:
        """Return the state in words."""
        return CART_WORDS[CartState(self.run.state)]

    @property
    def colour(self) -> str:
        """Return the state as pages show it."""
        return CART_COLOURS[CartState(self.run.state)]


STAIRS = "place__parent__parent"
"""A door's unit and its building: a label says all below the compound."""


def run_or_404(pk: UUID) -> CartRun:
    """Return a cart that the actor sees, with its round and stairs."""
    found = CartRun.objects.select_related("round__book", "place", "unit__parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def placement_or_404(pk: UUID) -> Placement:
    """Return a bag's place that the actor sees."""
    found = Placement.objects.select_related("run", "parcel").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def runs_of(row: Round) -> list[RunCount]:
    """Return the carts of a round by wave and number; one query."""
    return _counted(CartRun.objects.filter(round=row))


def _counted(runs: QuerySet[CartRun]) -> list[RunCount]:
    live = Q(placements__parcel__ended_at__isnull=True) | Q(placements__placed_at__isnull=False)
    rows = runs.select_related("unit__parent").annotate(
        placed=Count("placements", filter=Q(placements__placed_at__isnull=False)),
        total=Count("placements", filter=live),
    )
    return [RunCount(one, one.placed, one.total, stairs_of(one)) for one in rows.order_by("wave", "number")]


def stairs_of(run: CartRun) -> tuple[Sentence, ...]:
    """Return building and unit of a cart as people say them."""
    unit = run.unit
    if unit is None:
        return ()
    own = spoken(unit.kind, unit.name)
    if unit.kind == PlaceKind.UNIT and unit.parent:
        return spoken(unit.parent.kind, unit.parent.name), own
    return (own,)


def missing_of(run: CartRun) -> list[Placement]:
    """Return the bags that belong on a cart and are not on it, in the order of carrying; one query.

    With the door's place and where the bag is now: no name and no phone.
    """
    return list(
        Placement.objects.filter(run=run, placed_at__isnull=True, parcel__ended_at__isnull=True)
        .select_related("parcel__account", STAIRS)
        .order_by("carry")
    )


def placed_on(run: CartRun) -> list[Placement]:
    """Return the bags on a cart, the last scanned first; one query."""
    return list(
        Placement.objects.filter(run=run, placed_at__isnull=False)
        .select_related("parcel", STAIRS)
        .order_by("-placed_at", "carry")
    )


def numbers_by_code(row: Round) -> dict[str, int]:
    """Return the cart number of each bag's short code, so that a phone without signal can say it; one query."""
    rows = Placement.objects.filter(run__round=row, placed_at__isnull=True, parcel__ended_at__isnull=True)
    return dict(rows.values_list("parcel__code", "run__number"))


def unsorted(row: Round) -> int:
    """Count the bags of a round that stand at the gate and have no cart yet; one query."""
    return Parcel.objects.filter(
        book=row.book_id, account__kind=AccountKind.GATE, ended_at__isnull=True, placement__isnull=True
    ).count()


def count_of(run: CartRun) -> RunCount:
    """Return how full one cart is; one query."""
    return next(one for one in _counted(CartRun.objects.filter(pk=run.pk)))


TO_SORT = (RoundState.PACKED, RoundState.UNDERWAY, RoundState.ARRIVED, RoundState.DELIVERING)
"""Rounds whose bags may be sorted or waited for."""


def to_sort() -> list[Round]:
    """Return the rounds that the actor sees with bags at the gate, or on carts that have not gone, the oldest first."""
    at_gate = Parcel.objects.filter(
        book=OuterRef("book"), kind=ParcelKind.BAG, account__kind=AccountKind.GATE, ended_at__isnull=True
    )
    # Bags that went to their doors past the carts' pages leave nothing to sort, whatever their cart says.
    on_carts = Placement.objects.filter(
        run__round=OuterRef("pk"),
        run__state__in=[CartState.OPEN, CartState.RELEASED],
        parcel__ended_at__isnull=True,
        parcel__account__kind=AccountKind.CART,
    )
    rows = Round.objects.filter(state__in=TO_SORT).filter(Exists(at_gate) | Exists(on_carts))
    return list(rows.select_related("place").order_by("wave_at", "pk"))
