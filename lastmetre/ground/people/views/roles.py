"""Roles as data: what each may do; a place adds its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.ground.people.actions import persons, roles
from lastmetre.ground.people.catalogue import CATALOGUE
from lastmetre.ground.people.forms.staff import SCOPES, RoleForm
from lastmetre.ground.people.models import Role
from lastmetre.ground.people.rules import Permission, Scope
from lastmetre.ground.people.views.frame import add_refusal, name_of
from lastmetre.ground.people.words import permission_words
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import Actor, ActorKind
from lastmetre.terms import InputError


def role_list(request: HttpRequest) -> HttpResponse:
    """Show all roles and what they may do; an administrator adds a local one."""
    if request.actor.kind is not ActorKind.STAFF:
        raise Http404
    place = _defining_place(request.actor)
    form = RoleForm(request.POST or None, permissions=_choices(request.actor, place)) if place else None
    if request.method == "POST" and form is not None and place is not None and form.is_valid():
        typed = form.cleaned_data
        try:
            roles.define_role(
                by=request.actor, at=request.now, place=place, **typed | {"scope": Scope(typed["scope"])}
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            return redirect("people:roles")
    rows = [
        {
            "role": role,
            "name": name_of(role),
            "scope": dict(SCOPES)[Scope(role.scope)],
            "may": [permission_words(one) for one in role.permissions],
            "may_end": not role.is_builtin
            and role.path is not None
            and request.actor.may(Permission.DEFINE_ROLES, path=role.path),
        }
        for role in Role.objects.filter(ended_at=None).select_related("place").order_by("is_builtin", "code")
    ]
    context = {"rows": rows, "form": form, "place": place}
    return render(request, "people/roles.html", context, status=422 if form and form.errors else 200)


@require_POST
def end_role(request: HttpRequest, code: str) -> HttpResponse:
    """Give a local role to nobody any more."""
    role = Role.objects.filter(pk=code, ended_at=None).first()
    if role is None:
        raise Http404
    roles.end_local_role(role, by=request.actor, at=request.now)
    return redirect("people:roles")


def _defining_place(actor: Actor) -> Place | None:
    paths = [
        grant.path for grant in actor.grants if grant.path and Permission.DEFINE_ROLES in grant.permissions
    ]
    return Place.objects.filter(path=paths[0]).first() if paths else None


def _choices(actor: Actor, place: Any) -> list[tuple[str, str]]:
    known = sorted({one for role in CATALOGUE for one in role.permissions})
    covers = persons.covers(actor, path=place.path, organisation=None)
    is_free = covers(Permission.GIVE_ANY_ROLE)
    return [(one, permission_words(one).text(gettext)) for one in known if is_free or covers(one)]
