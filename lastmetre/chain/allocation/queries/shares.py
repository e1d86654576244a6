"""Who gets what, as pages and later apps read it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.http import Http404

from lastmetre.chain.allocation.models import Allocation, CaseOrder, Share
from lastmetre.chain.orders.models import Request, Round
from lastmetre.ground.places.models import Household


def allocation_of(row: Round) -> Allocation | None:
    """Return how a round was shared out; None where it was not, or not any more."""
    return Allocation.objects.filter(round=row, undone_at=None).first()


def shares_of(row: Round) -> QuerySet[Any]:
    """Return the shares of a round with household, good and door; those of a sharing in force."""
    rows = Share.objects.filter(allocation__round=row, allocation__undone_at=None)
    return rows.select_related(
        "place", "request__household__place__parent__parent", "item__product", "substitute_for"
    )


def shares_of_household(household: Household, *, rounds: int = 5) -> list[Any]:
    """Return a household's shares of its latest rounds, the latest first, then by good; two queries."""
    latest = (
        Request.objects.filter(household=household, shares__allocation__undone_at=None)
        .order_by("-round__closes_at", "-pk")
        .values_list("pk", flat=True)
        .distinct()[:rounds]
    )
    rows = Share.objects.filter(request__in=list(latest), allocation__undone_at=None)
    return list(
        rows.select_related("request__round", "item__product", "substitute_for__product", "allocation__round")
        .prefetch_related("revisions")
        .order_by("-request__round__closes_at", "item__number", "substitute_for")
    )


def totals_of(row: Round) -> dict[UUID, Decimal]:
    """Return what is handed out of each product of a round, in sale units; one query."""
    rows = Share.objects.filter(allocation__round=row, allocation__undone_at=None)
    return dict(rows.values_list("item__product").annotate(total=Sum("got")).filter(total__gt=0))


def outcomes_of(row: Round) -> list[CaseOrder]:
    """Return what comes of every good of a round; one query."""
    rows = CaseOrder.objects.filter(allocation__round=row, allocation__undone_at=None)
    return list(rows.select_related("item__product__category", "allocation"))


def cases_of(row: Round) -> list[CaseOrder]:
    """Return the goods of a round that are ordered by the case, with how many and what is to spare; one query."""
    return [one for one in outcomes_of(row) if one.case_size]


def share_or_404(pk: UUID) -> Share:
    """Return a share of a sharing in force, as the actor sees it."""
    rows = Share.objects.filter(allocation__undone_at=None).select_related(
        "allocation__round",
        "request__household__place__parent__parent",
        "item__product",
        "substitute_for__product",
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def round_or_404(pk: UUID) -> Round:
    """Return a round as the actor sees it."""
    found = Round.objects.select_related("book", "place", "supplier__organisation").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def household_or_404(pk: UUID) -> Household:
    """Return a household as the actor sees it."""
    found = Household.objects.select_related("place").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
