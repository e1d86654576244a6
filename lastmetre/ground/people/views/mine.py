"""What is one's own: account, devices, handing over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.people.actions import accounts, devices
from lastmetre.ground.people.actions.roles import end_role, hand_over
from lastmetre.ground.people.forms.staff import HandOverForm, PasswordChangeForm, SearchForm, TokenForm
from lastmetre.ground.people.models import Account, Assignment
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.people.queries.staff import deputies_for, devices_of
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.people.views.frame import add_refusal, local_time, name_of, person_or_404
from lastmetre.ground.protection.actor import ActorKind
from lastmetre.terms import InputError

OVERNIGHT = timedelta(hours=24)


@require_GET
def my_devices(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in."""
    return render(request, "people/devices.html", _devices(request))


@require_POST
def revoke_my_device(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign one of them out."""
    devices.revoke_device(pk, by=request.actor, at=request.now)
    return redirect("people:devices")


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token for a program and show it once."""
    held = _held(request)
    form = TokenForm(request.POST, roles=_role_choices(held))
    if not form.is_valid():
        return render(request, "people/devices.html", _devices(request) | {"form": form}, status=422)
    person = person_or_404(UUID(request.actor.key))
    assignment = Assignment.objects.get(pk=form.cleaned_data["assignment"])
    token = devices.make_token(
        person, assignment, by=request.actor, at=request.now, label=form.cleaned_data["label"]
    )
    return render(request, "people/devices.html", _devices(request) | {"token": token})


def my_account(request: HttpRequest) -> HttpResponse:
    """Change one's password, or make new recovery codes."""
    account = _account(request)
    form = PasswordChangeForm(request.POST if request.POST.get("what") == "password" else None)
    codes: list[str] = []
    if request.POST.get("what") == "codes":
        codes = accounts.renew_recovery_codes(account, by=request.actor, at=request.now)
    if request.POST.get("what") == "language":
        return _set_language(request, account)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            accounts.change_password(
                account,
                by=request.actor,
                at=request.now,
                old=typed["old"],
                new=typed["new"],
                keep_device=str(request.visitor.device),
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Your password is changed; other devices are signed out."))
            return redirect("people:account")
    context = {"form": form, "account": account, "codes": codes, "languages": settings.LANGUAGES}
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


def hand_over_page(request: HttpRequest) -> HttpResponse:
    """Let somebody stand in, in one step: who, until when (half a committee may be isolated overnight)."""
    held = _held(request)
    own = [one for one in held if not one.is_deputy] or list(held)
    words = request.GET.get("q", "")
    people = deputies_for(UUID(request.actor.key), at=request.now, words=words)
    named = [
        (row.id, " · ".join([f"{row.name} ····{row.phone_tail}", *(name_of(role) for role in row.roles[:2])]))
        for row in people
    ]
    form = HandOverForm(
        request.POST or None,
        deputies=named,
        roles=_role_choices(own),
        initial={
            "ends_at": local_time(request.now + OVERNIGHT),
            "roles": [str(one.assignment) for one in own],
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            hand_over(
                Assignment.objects.select_related("role", "organisation__seat").filter(pk__in=typed["roles"]),
                person_or_404(UUID(typed["deputy"])),
                by=request.actor,
                at=request.now,
                ends_at=typed["ends_at"],
                why=typed["why"],
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Handed over. You can take it back here at any time."))
            return redirect("people:hand-over")
    given = Assignment.objects.filter(
        stands_in_for__in=[one.assignment for one in held], ends_at__gt=request.now
    ).select_related("role", "person")
    context = {
        "form": form,
        "search": SearchForm(request.GET),
        "people": people,
        "given": [(one, name_of(one.role)) for one in given],
    }
    return render(request, "people/hand_over.html", context, status=422 if form.errors else 200)


@require_POST
def end_assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a role: one's own, one's deputy's, or one that the visitor may give."""
    row = Assignment.objects.select_related("person").filter(pk=pk).first()
    if row is None:
        raise Http404
    end_role(row, by=request.actor, at=request.now, why=request.POST.get("why", "")[:200])
    if request.POST.get("back") == "hand-over":
        return redirect("people:hand-over")
    return redirect("people:person", row.person_id)


def _set_language(request: HttpRequest, account: Account) -> HttpResponse:
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        accounts.set_language(account, by=request.actor, at=request.now, language=wanted)
    response = redirect("people:account")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=31_536_000, samesite="Lax")
    return response


def _account(request: HttpRequest) -> Account:
    account = (
        Account.objects.select_related("person").filter(person=request.actor.key).first()
        if request.actor.kind is ActorKind.STAFF
        else None
    )
    if account is None:
        raise Http404
    return account


def _held(request: HttpRequest) -> tuple[Held, ...]:
    if request.actor.kind is not ActorKind.STAFF:
        raise Http404
    held: tuple[Held, ...] = request.visitor.roles
    return held


def _role_choices(held: Any) -> list[tuple[UUID, str]]:
    return [(one.assignment, f"{name_of(one)} · {one.where}") for one in held]


def _devices(request: HttpRequest) -> dict[str, Any]:
    visitor = request.visitor
    owner = (
        {"household": visitor.household}
        if visitor.kind is DeviceKind.HOUSEHOLD
        else {"person": request.actor.key}
    )
    is_staff = request.actor.kind is ActorKind.STAFF
    return {
        "rows": devices_of(at=request.now, **owner),
        "here": visitor.device,
        "form": TokenForm(roles=_role_choices(visitor.roles)) if is_staff and visitor.roles else None,
    }
