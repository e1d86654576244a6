"""A household: masked, shown in full only to who asks, which is recorded."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lastmetre.ground.places.actions.bulk import NewHousehold, add_households
from lastmetre.ground.places.actions.households import edit_household, is_own, reveal
from lastmetre.ground.places.forms.households import HouseholdForm
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.places.rules import NEED_NAMES, Need, Permission
from lastmetre.ground.places.views.editing import page
from lastmetre.ground.places.views.frame import address, find_place, tell, trail_to, tried
from lastmetre.terms import say

_ONE = ("name", "phone")


def find_household(pk: UUID) -> Household:
    """Return a household that the visitor may see; 404 for all others."""
    return get_object_or_404(Household.objects.select_related("place__parent__parent"), pk=pk)


@require_POST
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one value (`field`) in its place, or everything on a page; recorded first."""
    household = find_household(pk)
    reveal(household, by=request.actor, at=request.now, why=request.POST.get("why", "")[:200])
    field = request.GET.get("field", "")
    if request.htmx and field in _ONE:
        context = {"value": getattr(household, field), "is_phone": field == "phone"}
        return render(request, "places/shown.html", context)
    needs = [NEED_NAMES[Need(code)] for code in (household.needs or "").split()]
    context = {
        "household": household,
        "row": masked_row(household),
        "needs": needs,
        "place": household.place,
        "trail": trail_to(household.place, say("In full")),
    }
    return render(request, "places/household_shown.html", context)


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is known of a household; what stays empty stays as it is."""
    household = find_household(pk)
    own = is_own(household, request.actor)
    if not own:
        request.actor.must(Permission.EDIT_ROSTER, path=household.path)
    door = household.place
    known = {"room": door.name, "floor": household.floor, "head_count": household.head_count}
    form = HouseholdForm(request.POST or None, initial=known, is_own=own)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        done = tried(
            form,
            lambda: edit_household(
                household,
                room=typed.get("room"),
                name=typed["name"] or None,
                phone=typed["phone"] or None,
                note=typed["note"] or None,
                needs=typed["needs"] if typed["change_needs"] else None,
                floor=typed.get("floor", household.floor),
                head_count=typed["head_count"],
                by=request.actor,
                at=request.now,
            ),
        )
        if done:
            tell(request, say("Saved."))
            return redirect(address(door))
    return page(request, door, form, say("Edit household {room}", room=door.name))


def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a household to a unit, building or village."""
    parent = find_place(pk)
    request.actor.must(Permission.EDIT_ROSTER, path=parent.path)
    form = HouseholdForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        row = NewHousehold(parent.pk, typed.pop("room"), needs=tuple(typed.pop("needs")), **typed)
        if tried(form, lambda: add_households([row], by=request.actor, at=request.now)):
            tell(request, say("Added."))
            return redirect(address(parent))
    return page(request, parent, form, say("Add a household to {name}", name=parent.name))
