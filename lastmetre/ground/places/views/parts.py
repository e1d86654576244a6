"""What a compound has: addresses and hands, gates, unloading points, points of service, carts, grids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.ground.places.actions import compounds, grids
from lastmetre.ground.places.actions.compounds import NewCart, NewGate, NewPoint, NewUnloadingPoint
from lastmetre.ground.places.forms.tree import (
    CartForm,
    CompoundForm,
    GateForm,
    GridForm,
    PointForm,
    UnloadingPointForm,
)
from lastmetre.ground.places.models import Cart, Compound, Gate, Grid, Place, Point, UnloadingPoint
from lastmetre.ground.places.queries.compounds import stairs_within
from lastmetre.ground.places.rules import Permission, PlaceKind, spoken
from lastmetre.ground.places.views.editing import page
from lastmetre.ground.places.views.frame import address, find_place, tell, tried
from lastmetre.terms import Sentence, say

Add = Callable[..., Any]
_PARTS: dict[str, tuple[Any, Any, Any, Add, Sentence, Sentence]] = {
    "gate": (Gate, NewGate, GateForm, compounds.add_gates, say("Add a gate"), say("Edit the gate")),
    "unloading": (
        *(UnloadingPoint, NewUnloadingPoint, UnloadingPointForm, compounds.add_unloading_points),
        *(say("Add an unloading point"), say("Edit the unloading point")),
    ),
    "point": (
        *(Point, NewPoint, PointForm, compounds.add_points),
        *(say("Add a point of service"), say("Edit the point of service")),
    ),
    "cart": (Cart, NewCart, CartForm, compounds.add_carts, say("Add a cart"), say("Edit the cart")),
}


def compound(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how addresses are written here and how many hands there are."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    detail = Compound.objects.filter(place=place).first() or Compound(place=place)
    form = CompoundForm(request.POST or None, instance=detail)
    if request.method == "POST" and form.is_valid():
        who = {"by": request.actor, "at": request.now}
        if tried(form, lambda: compounds.edit_compound(place, **form.cleaned_data, **who)):
            tell(request, say("Saved."))
            return redirect(address(place))
    return page(request, place, form, say("Addresses and hands of {name}", name=place.name))


def add_part(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """Add a gate, unloading point, point of service or cart."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    _, new, form_class, action, title, _ = _part(part)
    form = _with_choices(form_class(request.POST or None), place)
    if request.method == "POST" and form.is_valid():
        row = new(place.pk, **_values(form))
        if tried(form, lambda: action([row], by=request.actor, at=request.now)):
            tell(request, say("Added."))
            return redirect(address(place))
    return page(request, place, form, title)


def edit_part(request: HttpRequest, part: str, pk: UUID) -> HttpResponse:
    """Change one of them."""
    model, _, form_class, _, _, title = _part(part)
    row = get_object_or_404(model.objects.select_related("place"), pk=pk)
    request.actor.must(Permission.EDIT_PLACES, path=row.path)
    names = form_class.base_fields
    known = {name: getattr(row, f"{name}_id" if name in ("gate", "unit") else name) for name in names}
    form = _with_choices(form_class(request.POST or None, initial=known), row.place)
    if request.method == "POST" and form.is_valid():
        values = {
            f"{name}_id" if name in ("gate", "unit") else name: value for name, value in _values(form).items()
        }
        done = tried(
            form, lambda: compounds.edit_part(row, by=request.actor, at=request.now, **values) or True
        )
        if done:
            tell(request, say("Saved."))
            return redirect(address(row.place))
    return page(request, row.place, form, title, part=part, row=row)


@require_POST
def remove_part(request: HttpRequest, part: str, pk: UUID) -> HttpResponse:
    """Remove one of them."""
    row = get_object_or_404(_part(part)[0].objects.select_related("place"), pk=pk)
    compounds.remove_part(row, by=request.actor, at=request.now)
    tell(request, say("Removed."))
    return redirect(address(row.place))


def grid(request: HttpRequest, pk: UUID, grid: UUID | None = None) -> HttpResponse:
    """Add a grid area of a place, or change one."""
    place = find_place(pk)
    request.actor.must(Permission.EDIT_PLACES, path=place.path)
    row = get_object_or_404(Grid, pk=grid, place=place) if grid else None
    members = [str(one) for one in row.members.values_list("place_id", flat=True)] if row else []
    form = GridForm(request.POST or None, initial={"name": row.name if row else "", "members": members})
    buildings = Place.objects.filter(
        kind=PlaceKind.BUILDING, path__within=place.path, ended_at__isnull=True
    ).select_related("parent")
    form.fields["members"].choices = [
        (str(one.pk), f"{one.parent.name} {spoken(one.kind, one.name).text(gettext)}") for one in buildings
    ]
    if request.method == "POST" and form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data["members"]]
        saved = {"name": form.cleaned_data["name"], "members": chosen, "grid": row}
        if tried(form, lambda: grids.save_grid(place, **saved, by=request.actor, at=request.now)):
            tell(request, say("Saved."))
            return redirect(address(place))
    return page(request, place, form, say("Edit the grid area") if row else say("Add a grid area"))


def _part(name: str) -> tuple[Any, Any, Any, Add, Sentence, Sentence]:
    if name not in _PARTS:
        raise Http404
    return _PARTS[name]


def _with_choices(form: Any, place: Place) -> Any:
    if "gate" in form.fields:
        gates = Gate.objects.filter(place=place).values_list("pk", "name")
        form.fields["gate"].choices = [("", "-"), *((str(pk), name) for pk, name in gates)]
    if "unit" in form.fields:
        stairs = stairs_within(place)
        named = [
            (str(one.pk), f"{one.parent.name}-{one.name}" if one.kind == PlaceKind.UNIT else one.name)
            for one in stairs
        ]
        form.fields["unit"].choices = [("", "-"), *named]
    return form


def _values(form: Any) -> dict[str, Any]:
    """Return what the form says, ids as ids."""
    return {
        name: UUID(value) if name in ("gate", "unit") and value else (value if value != "" else _empty(name))
        for name, value in form.cleaned_data.items()
    }


def _empty(name: str) -> str | None:
    return "" if name == "route" else None
