"""Signing in and out: password and code, household card, volunteer's link, invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from lastmetre.ground.people.actions import signing_in
from lastmetre.ground.people.actions.accounts import renew_recovery_codes
from lastmetre.ground.people.actions.devices import revoke_device
from lastmetre.ground.people.actions.invitations import accept, accept_shift
from lastmetre.ground.people.actions.signing_in import Refused
from lastmetre.ground.people.cookies import forget_token, keep_token
from lastmetre.ground.people.forms.door import CardCodeForm, CodeForm, InvitationForm, PasswordForm, ShiftForm
from lastmetre.ground.people.models import Account
from lastmetre.ground.people.queries.cards import card_of_token, door_of
from lastmetre.ground.people.queries.invitations import open_invitation
from lastmetre.ground.people.queries.names import place_name
from lastmetre.ground.people.rules import LIFE_OF_STEP, InvitationKind
from lastmetre.ground.people.tokens import new_token
from lastmetre.ground.people.views.frame import add_refusal, device_label, in_language, safe_next
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.models import Clock
from lastmetre.ground.protection.public import public
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

KNOWN_COOKIE = "known"
"""Marks a browser that got into an account before: strangers' failures do not keep it waiting."""
A_YEAR_S = 31_536_000


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password."""
    if request.method != "POST":
        form = PasswordForm(initial={"next": request.GET.get("next", "")})
        return render(request, "people/sign_in.html", {"form": form})
    form = PasswordForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        answer = signing_in.try_password(
            typed["username"], typed["password"], known=_known(request, typed["username"]), at=request.now
        )
        if isinstance(answer, Account):
            return _second_step(request, answer, safe_next(request, typed["next"]))
        add_refusal(form, answer.error)
        return render(request, "people/sign_in.html", {"form": form}, status=_status(answer))
    return render(request, "people/sign_in.html", {"form": form}, status=422)


@public
@require_POST
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second step."""
    form = CodeForm(request.POST)
    account, to = _step(request)
    if form.is_valid():
        answer = signing_in.try_code(
            account, form.cleaned_data["code"], label=device_label(request), at=request.now
        )
        if not isinstance(answer, Refused):
            return _signed_in(answer[0], answer[1], to)
        add_refusal(form, answer.error)
        return render(request, "people/sign_in_code.html", {"form": form}, status=_status(answer))
    return render(request, "people/sign_in_code.html", {"form": form}, status=422)


@public
@require_POST
def set_up_codes(request: HttpRequest) -> HttpResponse:
    """Set up the second factor at the first sign-in, and show the recovery codes once."""
    account, to = _step(request)
    if account.totp_confirmed_at is not None:
        return HttpResponseRedirect("/sign-in")
    if "later" in request.POST:
        return _signed_in(
            account, signing_in.skip_totp(account, label=device_label(request), at=request.now), to
        )
    form = CodeForm(request.POST)
    if form.is_valid():
        answer = signing_in.confirm_totp(
            account, form.cleaned_data["code"], label=device_label(request), at=request.now
        )
        if not isinstance(answer, Refused):
            with acting_as(SYSTEM):
                by = Actor(str(account.person_id), ActorKind.STAFF)
                codes = renew_recovery_codes(answer[0], by=by, at=request.now)
            return _keep(render(request, "people/recovery_codes.html", {"codes": codes, "to": to}), *answer)
        add_refusal(form, answer.error)
        return _set_up(request, account, form, _status(answer))
    return _set_up(request, account, form, 422)


@public
def household_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign a household in by the link of its card: one tap, so that a chat's preview signs nobody in."""
    if request.method == "POST":
        answer = signing_in.try_card(token, label=device_label(request), at=request.now)
        if not isinstance(answer, Refused):
            return _household_in(answer[1])
        raise answer.error
    with acting_as(SYSTEM):
        card = card_of_token(token)
        if card is None or card.revoked_at is not None:
            raise signing_in.UNKNOWN_CARD if card is None else signing_in.STOLEN_CARD
        return render(request, "people/household_link.html", {"address": door_of(card)})


@public
def card_code(request: HttpRequest) -> HttpResponse:
    """Sign a household in by the code typed from its card."""
    form = CardCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = signing_in.try_card_code(
            form.cleaned_data["code"], label=device_label(request), at=request.now
        )
        if not isinstance(answer, Refused):
            return _household_in(answer[1])
        add_refusal(form, answer.error)
        return render(request, "people/card_code.html", {"form": form}, status=_status(answer))
    return render(request, "people/card_code.html", {"form": form}, status=422 if form.errors else 200)


@public
def volunteer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let a volunteer into a shift: a name and a word about their health, no account."""
    with acting_as(SYSTEM):
        invitation = open_invitation(token, InvitationKind.SHIFT, at=request.now)
    form = ShiftForm(request.POST or None)
    if not settings.DUTY_TEST_HOURS:
        del form.fields["tested_hours"]
    context = {"form": form, "shift": invitation.shift, "place": place_name(invitation.place)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/volunteer_link.html", context, status=422 if form.errors else 200)
    typed = form.cleaned_data
    hours = typed.get("tested_hours")
    try:
        _, device = accept_shift(
            token,
            at=request.now,
            name=typed["name"],
            is_fit=typed["is_fit"],
            is_briefed=typed["is_briefed"],
            tested_at=request.now - timedelta(hours=hours) if hours else None,
            test_hours=settings.DUTY_TEST_HOURS,
            label=device_label(request),
        )
    except InputError as error:
        add_refusal(form, error)
        return render(request, "people/volunteer_link.html", context, status=422)
    response = HttpResponseRedirect("/")
    keep_token(response, device)
    return response


@public
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account that an invitation promises; the second factor comes next."""
    with acting_as(SYSTEM):
        invitation = open_invitation(token, InvitationKind.ACCOUNT, at=request.now)
        person = invitation.person
        account = Account.objects.filter(person=person).first() if person else None
    form = InvitationForm(request.POST or None, is_known=person is not None, has_account=account is not None)
    role = invitation.role
    context = {
        "form": form,
        "role": in_language(role.name, role.name_en) if role else "",
        "where": place_name(invitation.grid or invitation.place or invitation.organisation),
        "account": account,
    }
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = accept(
                token,
                at=request.now,
                username=typed.get("username", ""),
                password=typed["password"],
                name=typed.get("name", ""),
                phone=typed.get("phone", ""),
            )
        except InputError as error:
            add_refusal(form, error)
        else:
            return _second_step(request, made, "/")
    return render(request, "people/invitation_link.html", context, status=422 if form.errors else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign this device out for good."""
    if request.visitor is not None:
        revoke_device(request.visitor.device, by=request.actor, at=request.now)
    response = HttpResponseRedirect("/sign-in")
    forget_token(response)
    return response


def _second_step(request: HttpRequest, account: Account, to: str) -> HttpResponse:
    step = signing.dumps([str(account.pk), to], salt="sign-in step")
    form = CodeForm(initial={"step": step})
    if account.totp_confirmed_at is None:
        return _set_up(request, account, form, 200)
    return render(request, "people/sign_in_code.html", {"form": form})


def _set_up(request: HttpRequest, account: Account, form: CodeForm, status: int) -> HttpResponse:
    secret = account.totp_secret or ""
    context = {
        "form": form,
        "uri": pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name="Lastmetre"),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "can_wait": Clock.objects.filter(is_demo=True).exists(),
    }
    return render(request, "people/set_up_codes.html", context, status=status)


def _step(request: HttpRequest) -> tuple[Account, str]:
    """Return who passed the first step, from the signed field of the form; it holds for ten minutes."""
    try:
        key, to = signing.loads(
            request.POST.get("step", ""), salt="sign-in step", max_age=LIFE_OF_STEP.total_seconds()
        )
    except signing.BadSignature as error:
        raise InputError(
            say("The second step took too long."), remedy=say("Sign in again from the beginning.")
        ) from error
    with acting_as(SYSTEM):
        account = Account.objects.select_related("person").filter(pk=key, is_active=True).first()
    if account is None:
        raise signing_in.CLOSED
    return account, safe_next(request, to)


def _status(refused: Refused) -> int:
    return 429 if refused.is_throttled else 422


def _known(request: HttpRequest, username: str) -> str:
    """Return the mark of a browser that got into this account before, or ''."""
    try:
        name, mark = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=KNOWN_COOKIE)
    except (signing.BadSignature, ValueError):
        return ""
    return str(mark) if name == username.strip().lower() else ""


def _signed_in(account: Account, token: str, to: str) -> HttpResponse:
    return _keep(HttpResponseRedirect(to), account, token)


def _keep(response: HttpResponse, account: Account, token: str) -> Any:
    keep_token(response, token)
    mark = signing.dumps([account.username, new_token()], salt=KNOWN_COOKIE)
    response.set_cookie(
        KNOWN_COOKIE, mark, max_age=A_YEAR_S, secure=settings.IS_PUBLIC, httponly=True, samesite="Lax"
    )
    if account.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, account.language, max_age=A_YEAR_S, samesite="Lax")
    return response


def _household_in(token: str) -> HttpResponse:
    response = HttpResponseRedirect("/")
    keep_token(response, token)
    return response
