"""Changing the tree: add, edit, move, end, restore, survey."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lastmetre.ground.places.actions import tree
from lastmetre.ground.places.actions.bulk import NewPlace, add_places
from lastmetre.ground.places.forms.tree import AddForm, EndForm, MoveForm, PlaceForm, SurveyForm
from lastmetre.ground.places.models import Building, Place, Unit
from lastmetre.ground.places.queries.tree import find_places
from lastmetre.ground.places.rules import KIND_NAMES, NEED_NAMES, Permission, PlaceKind, can_lie_within
from lastmetre.ground.places.views.frame import address, find_place, tell, trail_to, tried
from lastmetre.terms import say


def page(request: HttpRequest, place: Place, form: Any, title: Any, **more: Any) -> HttpResponse:
    """Draw a form of a place; one that was refused answers 422."""
    context = {"place": place, "form": form, "title": title, "trail": trail_to(place, title), **more}
    return render(request, "places/form.html", context, status=422 if form.errors else 200)


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a place's names, position and stairs."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    kind = PlaceKind(place.kind)
    form = PlaceForm(request.POST or None, kind=kind, initial=_known(place, kind))
    if request.method == "POST" and form.is_valid():
        who = {"by": request.actor, "at": request.now}
        if tried(form, lambda: tree.edit_place(place, **form.place_values(), **who)):
            if kind in (PlaceKind.BUILDING, PlaceKind.UNIT):
                stairs = {name: form.cleaned_data[name] for name in ("floors", "has_lift")}
                tree.edit_stairs(place, lane=form.cleaned_data.get("lane", ""), **stairs, **who)
            tell(request, say("Saved."))
            return redirect(address(place))
    title = say("Edit {kind} {name}", kind=KIND_NAMES[kind], name=place.name)
    return page(request, place, form, title, is_editing=True)


def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add places within one."""
    parent = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=parent.path)
    form = AddForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        kind = PlaceKind(form.cleaned_data["kind"])
        rows = [NewPlace(kind, name, parent.pk) for name in form.cleaned_data["names"]]
        if tried(form, lambda: add_places(rows, by=request.actor, at=request.now)):
            tell(request, say("{count} added.", count=len(rows)))
            return redirect(address(parent))
    return page(request, parent, form, say("Add to {name}", name=parent.name))


def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a place into another one, found by its name first."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    words = request.GET.get("q", "")
    targets = Place.objects.filter(ended_at__isnull=True).exclude(path__within=place.path)
    if request.method == "POST":
        form = MoveForm(request.POST, targets=targets)
        if form.is_valid():
            to = form.cleaned_data["to"]
            if tried(form, lambda: tree.move_place(place, to=to, by=request.actor, at=request.now)):
                tell(request, say("Moved with everything in it."))
                return redirect(address(place))
    else:
        kind = PlaceKind(place.kind)
        fitting = [
            one.pk
            for one in find_places(request.actor, words, limit=100)
            if can_lie_within(kind, PlaceKind(one.kind))
        ]
        form = MoveForm(targets=targets.filter(pk__in=fitting))
    more = {"words": words, "can_move": bool(words) or request.method == "POST"}
    return page(request, place, form, say("Move {name}", name=place.name), is_moving=True, **more)


def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a place and all within it out of use."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        ended = tree.end_place(place, why=why, by=request.actor, at=request.now)
        tell(request, say("{count} places are no longer in use. You can bring them back.", count=ended))
        return redirect(address(place))
    title = say("Take {name} out of use", name=place.name)
    return page(request, place, form, title, is_ending=True)


@require_POST
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a place back into use."""
    place = find_place(pk)
    back = tree.restore_place(place, by=request.actor, at=request.now)
    tell(request, say("{count} places are in use again.", count=back))
    return redirect(address(place))


def survey(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what was reported of the residents (YX17)."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    known = {f"need_{code}": count for code, count in place.need_counts.items() if code in NEED_NAMES}
    known |= {"households": place.household_count, "people": place.head_count}
    form = SurveyForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        tree.record_survey(
            place,
            households=form.cleaned_data["households"],
            people=form.cleaned_data["people"],
            needs=form.needs(),
            by=request.actor,
            at=request.now,
        )
        tell(request, say("Survey saved."))
        return redirect(address(place))
    return page(request, place, form, say("Survey of {name}", name=place.name))


def _known(place: Place, kind: PlaceKind) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": place.name,
        "aliases": "\n".join(place.aliases),
        "longitude": place.longitude,
        "latitude": place.latitude,
    }
    model = {PlaceKind.BUILDING: Building, PlaceKind.UNIT: Unit}.get(kind)
    row = model.objects.filter(place=place).first() if model else None
    if row:
        known |= {"floors": row.floors, "has_lift": row.has_lift, "lane": getattr(row, "lane", "")}
    return known
