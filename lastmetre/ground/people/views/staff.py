"""The staff of a place: lists, a person's page, roles, invitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.people.actions import accounts, invitations, persons
from lastmetre.ground.people.forms.staff import (
    ORGANISATION_KINDS,
    ContactForm,
    FitnessForm,
    OrganisationForm,
    PersonForm,
    SearchForm,
    TrainingForm,
)
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.people.queries.staff import (
    organisations_at,
    person_page,
    staff_of,
    staff_of_organisation,
)
from lastmetre.ground.people.rules import OrganisationKind, Permission, unfit_because
from lastmetre.ground.people.views.frame import (
    add_refusal,
    name_of,
    person_or_404,
    place_for,
)
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import InputError


@require_GET
def staff(request: HttpRequest, place: UUID) -> HttpResponse:
    """List the people of a place, masked; found by name, initials or phone tail."""
    at = place_for(request, place, Permission.SEE)
    search = SearchForm(request.GET)
    page = staff_of(
        at, at=request.now, words=request.GET.get("q", "")[:60], cursor=request.GET.get("cursor", "")
    )
    may = request.actor.may
    context = {
        "place": at,
        "search": search,
        "page": page,
        "may_invite": may(Permission.GIVE_ROLES, path=at.path) or may(Permission.GIVE_ANY_ROLE, path=at.path),
        "may_add": may(Permission.EDIT, path=at.path),
    }
    return render(request, "people/staff.html", context)


@require_GET
def organisation_staff(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the people of an organisation."""
    organisation = Organisation.objects.select_related("seat").filter(pk=pk).first()
    if organisation is None:
        raise Http404
    persons.must_with(request.actor, Permission.SEE, organisation)
    page = staff_of_organisation(
        pk, at=request.now, words=request.GET.get("q", "")[:60], cursor=request.GET.get("cursor", "")
    )
    context = {
        "place": organisation,
        "organisation": organisation,
        "search": SearchForm(request.GET),
        "page": page,
        "may_invite": persons.may_with(request.actor, Permission.GIVE_ROLES, organisation),
    }
    return render(request, "people/staff.html", context)


def organisations(request: HttpRequest, place: UUID) -> HttpResponse:
    """List the organisations with a seat at a place or below it; add one."""
    at = place_for(request, place, Permission.SEE)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            persons.add_organisation(
                by=request.actor,
                at=request.now,
                kind=OrganisationKind(typed["kind"]),
                name=typed["name"],
                seat=at,
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            return redirect("people:organisations", place)
    page = page_of(organisations_at(at.path), by="name", cursor=request.GET.get("cursor", ""))
    context = {
        "place": at,
        "form": form,
        "page": page,
        "rows": [(one, dict(ORGANISATION_KINDS)[OrganisationKind(one.kind)]) for one in page.rows],
        "may_add": request.actor.may(Permission.EDIT, path=at.path),
    }
    return render(request, "people/organisations.html", context, status=422 if form.errors else 200)


def add_person(request: HttpRequest, place: UUID) -> HttpResponse:
    """Add somebody to the staff of a place."""
    at = place_for(request, place, Permission.EDIT)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = persons.add_person(by=request.actor, at=request.now, place=at, **form.cleaned_data)
        return redirect("people:person", person.pk)
    return render(
        request, "people/add_person.html", {"form": form, "place": at}, status=422 if form.errors else 200
    )


@require_GET
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one person: roles, fitness, training, shifts; full name and phone after a recorded tap."""
    return _person(request, pk)


@require_POST
def reveal(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Show a name or phone in full; recorded, and counted for the alarm."""
    if what not in ("name", "phone"):
        raise Http404
    found = person_or_404(pk)
    persons.reveal(found, by=request.actor, at=request.now)
    value: str = getattr(found, what) or ""
    if request.htmx:
        return render(request, "ui/revealed.html", {"value": value, "phone": what == "phone"})
    return _person(request, pk, revealed={what: value})


@require_POST
def change_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in one of the forms of a person's page."""
    found, by, now = person_or_404(pk), request.actor, request.now
    fitness, training, contact = (kind(request.POST) for kind in (FitnessForm, TrainingForm, ContactForm))
    what = request.POST.get("what")
    if what == "fitness" and fitness.is_valid():
        persons.declare_fitness(found, by=by, at=now, **fitness.cleaned_data)
    elif what == "training" and training.is_valid():
        persons.add_training([found], by=by, at=now, **training.cleaned_data)
    elif what == "contact" and contact.is_valid():
        persons.change_person(found, by=by, at=now, **contact.cleaned_data)
    elif what == "leave":
        persons.let_go(found, by=by, at=now, why=request.POST.get("why", "")[:200])
        messages.success(request, _("Taken off the staff; roles and devices have ended."))
        return redirect("people:staff", found.place_id)
    elif what in ("close", "open") and hasattr(found, "account"):
        act = accounts.close_account if what == "close" else accounts.open_account
        act(found.account, by=by, at=now)
    elif what == "link":
        made = invitations.invite_person(found, by=by, at=now)
        return redirect("people:invitation", made.pk)
    else:
        forms: dict[str, Any] = {"fitness": fitness, "training": training, "contact": contact}
        return _person(request, pk, status=422, bound={what: forms[what]} if what in forms else {})
    return redirect("people:person", pk)


def _person(
    request: HttpRequest,
    pk: UUID,
    *,
    status: int = 200,
    revealed: dict[str, str] | None = None,
    bound: dict[str, Any] | None = None,
) -> HttpResponse:
    may = request.actor.may
    found = person_or_404(pk)
    is_own = str(pk) == request.actor.key
    organisation, firm = found.organisation_id, found.organisation
    if not is_own and not (organisation and may(Permission.SEE, organisation=organisation)):
        request.actor.must(Permission.SEE, path=found.path)
    manages = may(Permission.ACCOUNTS, path=found.path)
    page = person_page(pk, at=request.now, with_devices=manages or is_own)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "held": [(one, name_of(one)) for one in page.held],
        "unfit": unfit_because(page.readiness, at=request.now, test_hours=settings.DUTY_TEST_HOURS),
        "fitness": FitnessForm(),
        "training": TrainingForm(),
        "contact": ContactForm(),
        "revealed": revealed or {},
        "may_edit": may(Permission.EDIT, path=found.path),
        "may_edit_fitness": is_own or may(Permission.EDIT, path=found.path),
        "may_reveal": is_own or may(Permission.REVEAL, path=found.path),
        "may_give": may(Permission.GIVE_ROLES, path=found.path)
        or may(Permission.GIVE_ANY_ROLE, path=found.path)
        or (firm is not None and persons.may_with(request.actor, Permission.GIVE_ROLES, firm)),
        "may_manage": manages,
        "is_own": is_own,
    }
    return render(request, "people/person.html", context | (bound or {}), status=status)
