"""Walking the tree, and one page a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lastmetre.ground.places.actions.households import is_own
from lastmetre.ground.places.models import Household, Place, Point
from lastmetre.ground.places.queries.compounds import MOST_POINTS, Hands, grids, parts, points
from lastmetre.ground.places.queries.imports import waiting
from lastmetre.ground.places.queries.regimes import in_force
from lastmetre.ground.places.queries.roster import masked_row, roster
from lastmetre.ground.places.queries.tree import children, counts_of, find_places, tops
from lastmetre.ground.places.regime_rules import meaning
from lastmetre.ground.places.rules import (
    COMPOUND_KINDS,
    KIND_NAMES,
    NEED_NAMES,
    POINT_NAMES,
    Need,
    PlaceKind,
    PointKind,
)
from lastmetre.ground.places.views.frame import find_place, may, trail_to
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import Sentence, say

_WITH_DOORS = (PlaceKind.BUILDING, PlaceKind.UNIT)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show where a walk begins, or what a search finds."""
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"words": words, "trail": [(say("Places"), "")]}
    if words:
        context["found"] = find_places(request.actor, words)
    else:
        context["branches"] = tops(request.actor, request.now)
    return render(request, "places/places.html", context)


@require_safe
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a place: what lies in it, what is in force, what it has."""
    shown = find_place(pk)
    kind = PlaceKind(shown.kind)
    context: dict[str, Any] = {
        "place": shown,
        "kind": KIND_NAMES[kind],
        "trail": trail_to(shown),
        "may": may(request.actor, shown.path),
        "in_force": in_force([shown.path], request.now)[shown.path],
    }
    context["meaning"] = list(meaning(context["in_force"].regime))
    if kind is PlaceKind.HOUSEHOLD:
        return render(request, "places/household.html", context | _household(shown, request.actor))
    context["counts"] = counts_of(shown)
    context["branches"] = children(shown, request.now, ended="ended" in request.GET)
    context["needs"] = [(NEED_NAMES[Need(code)], count) for code, count in shown.need_counts.items()]
    context["is_compound"] = kind in COMPOUND_KINDS
    if kind in COMPOUND_KINDS:
        context |= _compound(shown, context["counts"].most_households)
        context["uploads"] = waiting(shown) if context["may"]["edit_roster"] else []
    elif kind not in _WITH_DOORS:
        context |= {"grids": grids(shown), "points": _named(points(shown, MOST_POINTS))}
    if kind in _WITH_DOORS and context["may"]["roster"]:
        context["page"] = roster(shown, after=request.GET.get("cursor", ""))
    return render(request, "places/place.html", context)


def _compound(place: Place, households: int) -> dict[str, Any]:
    found = parts(place)
    detail = found.detail
    hands = Hands(
        detail.hands_per_wave if detail else None,
        detail.waves_per_day if detail else 2,
        detail.doors_per_hour if detail else 30,
        households,
    )
    return {"parts": found, "points": _named(found.points), "grids": found.grids, "hands": hands}


def _named(found: Sequence[Point]) -> list[tuple[Sentence, Point]]:
    return [(POINT_NAMES[PointKind(point.kind)], point) for point in found]


def _household(door: Place, actor: Actor) -> dict[str, Any]:
    household = Household.objects.select_related("place__parent__parent").filter(place=door).first()
    if household is None:
        return {"household": None}
    return {"household": household, "row": masked_row(household), "is_own": is_own(household, actor)}
