"""Giving roles: to somebody, or by a link to whoever has it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.people.actions import invitations, persons, roles
from lastmetre.ground.people.catalogue import CATALOGUE, HOUSEHOLD
from lastmetre.ground.people.forms.staff import InviteForm, RoleChoiceForm
from lastmetre.ground.people.models import Invitation, Organisation, Role
from lastmetre.ground.people.queries.invitations import invitation_row, invitations_at, invitations_of
from lastmetre.ground.people.queries.names import choices_below
from lastmetre.ground.people.queries.staff import organisations_at, roles_for
from lastmetre.ground.people.rules import InvitationKind, Permission, can_give
from lastmetre.ground.people.views.frame import add_refusal, link, name_of, person_or_404, place_for
from lastmetre.ground.places.models import Grid, Place
from lastmetre.terms import InputError

# Those of a compound first, then the offices: as the catalogue lists them.
IN_CATALOGUE = {role.code: number for number, role in enumerate(CATALOGUE)}


def give_role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give somebody a role, from their place or within their organisation."""
    found = person_or_404(pk)
    may = request.actor.may
    firm = found.organisation
    if may(Permission.GIVE_ANY_ROLE, path=found.path) or may(Permission.GIVE_ROLES, path=found.path):
        form = _from_place(RoleChoiceForm, request, Place.objects.get(pk=found.place_id))
    elif firm is not None:
        persons.must_with(request.actor, Permission.GIVE_ROLES, firm)
        form = _from_organisation(RoleChoiceForm, request, firm)
    else:
        request.actor.must(Permission.GIVE_ROLES, path=found.path)
        raise Http404
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            roles.give_role(
                found,
                Role.objects.get(pk=typed["role"]),
                by=request.actor,
                at=request.now,
                ends_at=typed["ends_at"],
                **_where(typed["where"]),
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            return redirect("people:person", pk)
    context = {"form": form, "person": found}
    return render(request, "people/give_role.html", context, status=422 if form.errors else 200)


def invite(request: HttpRequest, place: UUID) -> HttpResponse:
    """Invite people to a role by link and square code, from a place."""
    at = place_for(request, place, Permission.SEE)
    rows = invitations_at(at.path, at=request.now)
    return _invite(request, at, _from_place(InviteForm, request, at), rows)


def invite_to_organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite people to a role in an organisation."""
    firm = Organisation.objects.select_related("seat").filter(pk=pk).first()
    if firm is None:
        raise Http404
    persons.must_with(request.actor, Permission.GIVE_ROLES, firm)
    rows = invitations_of(pk, at=request.now)
    return _invite(request, firm, _from_organisation(InviteForm, request, firm), rows)


def _invite(request: HttpRequest, at: Any, form: Any, rows: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = invitations.invite(
                Role.objects.get(pk=typed["role"]),
                by=request.actor,
                at=request.now,
                uses=typed["uses"],
                **_where(typed["where"]),
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            return redirect("people:invitation", made.pk)
    context = {"form": form, "place": at, "rows": rows}
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


@require_GET
def invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an invitation's link and square code, to be sent or printed."""
    row = invitation_row(pk, at=request.now)
    if row is None:
        raise Http404
    _must_handle(request, Invitation.objects.get(pk=pk))
    name = "volunteer-link" if row.kind is InvitationKind.SHIFT else "invitation-link"
    context = {
        "row": row,
        "what": name_of(row),
        "address": link(request, _address(name, row.token)),
    }
    return render(request, "people/invitation.html", context)


@require_POST
def revoke_invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    row = Invitation.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    invitations.revoke_invitation(row, by=request.actor, at=request.now)
    return redirect("people:invite", row.place_id) if row.place_id else redirect("people:invitation", pk)


def _address(name: str, token: str) -> str:
    return reverse(f"people:{name}", args=[token])


def _must_handle(request: HttpRequest, row: Invitation) -> None:
    """Whoever sees a link can use it: only who gave it, or could give it, may."""
    if row.given_by != request.actor.key:
        path = row.path or ""
        needed = Permission.SQUADS if row.kind == InvitationKind.SHIFT else Permission.ACCOUNTS
        request.actor.must(needed, path=path)


def _from_place(kind: type[Any], request: HttpRequest, place: Place) -> Any:
    """Return a form whose choices are what the visitor may give from a place: itself, below, its organisations."""
    covers = persons.covers(request.actor, path=place.path, organisation=None)
    places = [(f"place:{pk}", name) for pk, name in choices_below(place)]
    grids = [(f"grid:{one.pk}", one.name) for one in Grid.objects.filter(path__within=place.path)]
    firms = [(f"organisation:{one.pk}", one.name) for one in organisations_at(place.path)[:200]]
    given = [*roles_for(place.path), *roles_for(None, organisation=True)]
    return _form(kind, request, covers, given, [*places, *grids, *firms])


def _from_organisation(kind: type[Any], request: HttpRequest, firm: Organisation) -> Any:
    covers = persons.covers(request.actor, path=None, organisation=firm)
    where = [(f"organisation:{firm.pk}", firm.name)]
    return _form(kind, request, covers, roles_for(None, organisation=True), where)


def _form(
    kind: type[Any], request: HttpRequest, covers: Any, given: Any, where: list[tuple[str, str]]
) -> Any:
    named = {
        role.pk: name_of(role)
        for role in given
        if role.pk != HOUSEHOLD and can_give(role.permissions, covers)
    }
    offered = sorted(named.items(), key=lambda one: IN_CATALOGUE.get(one[0], len(IN_CATALOGUE)))
    return kind(request.POST or None, roles=offered, places=where)


def _where(chosen: str) -> dict[str, Any]:
    kind, _, key = chosen.partition(":")
    model: Any = {"place": Place, "grid": Grid, "organisation": Organisation}[kind]
    return {kind: model.objects.get(pk=key)}
