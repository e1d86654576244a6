"""Signing in by password and second factor, by household card, by typed code.

Whoever stands before the door is nobody yet: it looks with the eyes of SYSTEM and gives away only whether the
attempt got through. A refusal is an answer, not an exception, so that what was counted stays.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore

import pyotp
from django.db import transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.actions.accounts import ACCOUNT, RECOVERY, system_account
from lastmetre.ground.people.actions.devices import sign_in_device
from lastmetre.ground.people.actions.throttle import (
    count_failure,
    count_wrong_code,
    forget_failures,
    shut_until,
    too_many_codes,
)
from lastmetre.ground.people.models import Account, HouseholdCard
from lastmetre.ground.people.queries.cards import card_of_code, card_of_token
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.people.tokens import (
    CODE_LENGTH,
    hash_of,
    hash_password,
    is_password,
    needs_new_hash,
    plain,
)
from lastmetre.ground.protection.actor import NOBODY, SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.models import Clock
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

STEP_S = 30
WINDOW = 1
"""Steps before and after the present one whose codes are taken."""
SLOW_CLOCK = 20
"""Steps back that tell a slow clock from a wrong code (ten minutes); their codes are never taken."""

WRONG = InputError(
    say("User name or password is not right."),
    remedy=say("Check both. If you forgot the password, ask an administrator for a new link."),
)
CLOSED = InputError(
    say("This account is closed."), remedy=say("Ask an administrator of your place to open it again.")
)
WRONG_CODE = InputError(
    say("This code is not right."),
    remedy=say("Wait for the next one. If none works, set your phone's clock to automatic."),
)
SLOW = InputError(
    say("This code is an old one: your phone's clock is slow."),
    remedy=say("Set your phone's clock to automatic, then enter the code that it shows."),
)
USED_CODE = InputError(say("This code was used already."), remedy=say("Wait half a minute for the next one."))
UNKNOWN_CARD = InputError(
    say("Nobody has this card code."),
    remedy=say("Check each sign on the card, or scan its square code with the camera."),
)
STOLEN_CARD = InputError(
    say("This card is no longer good: a new one was made in its place."),
    remedy=say("Use the new card. If you have none, ask your building head or the committee."),
)
BUSY = InputError(
    say("Too many wrong card codes were entered everywhere."),
    remedy=say("Scan the square code on the card, or wait a minute."),
)


CROWD = InputError(
    say("Very many people are signing in right now."), remedy=say("Try again in a few seconds.")
)
HASHING = BoundedSemaphore(2)
"""Password hashes that a process computes at once: a flood of attempts must not take the pages' processors."""
WAITS_S = 1.0


@dataclass(frozen=True, slots=True)
class Refused:
    """An attempt that did not get through, and the sentence for it."""

    error: InputError
    is_throttled: bool = False


def try_password(username: str, password: str, *, known: str, at: datetime) -> Account | Refused:
    """Check the first step; `known` is the mark of a browser that got into this account before, or ''."""
    door = f"known {known}" if known else f"account {username.strip().lower()}"
    with acting_as(SYSTEM):
        if until := shut_until(door, at=at):
            return _shut(until, at)
        account = system_account(username)
        if not HASHING.acquire(timeout=WAITS_S):
            return Refused(CROWD, is_throttled=True)
        try:
            is_right = is_password(password, account.password if account else "")
        finally:
            HASHING.release()
        if account is None or not is_right:
            count_failure(door, at=at)
            if account is not None:
                record("refused", ACCOUNT, account.pk, by=NOBODY, at=at, path=account.person.path, step=1)
            return Refused(WRONG)
        forget_failures(door)
        # Only who knows the password learns that the account is closed.
        if not account.is_active or account.person.left_at is not None:
            return Refused(CLOSED)
        if needs_new_hash(account.password):
            account.password = hash_password(password)
            account.save(update_fields=["password"])
        return account


def try_code(account: Account, code: str, *, label: str, at: datetime) -> tuple[Account, str] | Refused:
    """Check the second step: a code of the authenticator or a recovery code; returns the device's token."""
    door = f"code {account.pk}"
    with acting_as(SYSTEM):
        if until := shut_until(door, at=at):
            return _shut(until, at)
        locked = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
        refused = _take_recovery_code(locked, code, at) if is_recovery(code) else _take_totp(locked, code, at)
        if refused is not None:
            count_failure(door, at=at)
            record("refused", ACCOUNT, locked.pk, by=NOBODY, at=at, path=locked.person.path, step=2)
            return Refused(refused)
        forget_failures(door)
        return locked, _staff_device(locked, label, at)


def confirm_totp(account: Account, code: str, *, label: str, at: datetime) -> tuple[Account, str] | Refused:
    """Set up the second factor: the authenticator shows the code of its secret; returns the device's token."""
    answer = try_code(account, code, label=label, at=at)
    if isinstance(answer, Refused):
        return answer
    with acting_as(SYSTEM):
        confirmed, token = answer
        confirmed.totp_confirmed_at = at
        confirmed.save(update_fields=["totp_confirmed_at"])
        by = _self(confirmed)
        record("set up codes", ACCOUNT, confirmed.pk, by=by, at=at, path=confirmed.person.path)
        return confirmed, token


def skip_totp(account: Account, *, label: str, at: datetime) -> str:
    """Sign in without a second factor, in a demo only; raises InputError elsewhere."""
    with acting_as(SYSTEM):
        if not Clock.objects.filter(is_demo=True).exists() or account.totp_confirmed_at is not None:
            raise InputError(
                say("The second step cannot be left out here."),
                remedy=say("Set it up: it keeps others from using your name."),
            )
        return _staff_device(account, label, at)


def try_card(token: str, *, label: str, at: datetime) -> tuple[HouseholdCard, str] | Refused:
    """Sign a household in by the link or square code of its card; no password, no argon2 (a rush must pass)."""
    with acting_as(SYSTEM):
        return _household_device(card_of_token(token), label, at)


def try_card_code(code: str, *, label: str, at: datetime) -> tuple[HouseholdCard, str] | Refused:
    """Sign a household in by the code typed from its card."""
    with acting_as(SYSTEM):
        if too_many_codes(at=at):
            return Refused(BUSY, is_throttled=True)
        card = card_of_code(plain(code))
        if card is None:
            count_wrong_code(at=at)
        return _household_device(card, label, at)


def is_recovery(code: str) -> bool:
    """Tell a recovery code from one of the authenticator."""
    return len(plain(code)) == CODE_LENGTH


def _shut(until: datetime, at: datetime) -> Refused:
    seconds = max(1, round((until - at).total_seconds()))
    error = InputError(
        say("Too many attempts failed."),
        remedy=say("Try again in {seconds} seconds. Nobody else is kept waiting.", seconds=seconds),
    )
    return Refused(error, is_throttled=True)


def _take_totp(account: Account, code: str, at: datetime) -> InputError | None:
    digits = "".join(sign for sign in plain(code) if sign in "0123456789")
    # Phones keep real time, also while the demo's clock is ahead.
    real = at - Clock.objects.values_list("offset", flat=True).get()
    step = int(real.timestamp()) // STEP_S
    totp = pyotp.TOTP(account.totp_secret or "")
    found = [
        one
        for one in range(step - SLOW_CLOCK, step + WINDOW + 1)
        if hmac.compare_digest(totp.generate_otp(one), digits)
    ]
    if not found:
        return WRONG_CODE
    if found[-1] < step - WINDOW:
        return SLOW
    if account.totp_last_step is not None and found[-1] <= account.totp_last_step:
        return USED_CODE
    account.totp_last_step = found[-1]
    account.save(update_fields=["totp_last_step"])
    return None


def _take_recovery_code(account: Account, code: str, at: datetime) -> InputError | None:
    hashed = hash_of(plain(code), RECOVERY)
    kept = [one for one in account.recovery_codes if not hmac.compare_digest(bytes(one), hashed)]
    if len(kept) == len(account.recovery_codes):
        return WRONG_CODE
    account.recovery_codes = kept
    account.save(update_fields=["recovery_codes"])
    record(
        "used recovery code",
        ACCOUNT,
        account.pk,
        by=_self(account),
        at=at,
        path=account.person.path,
        left=len(kept),
    )
    return None


def _self(account: Account) -> Actor:
    return Actor(str(account.person_id), ActorKind.STAFF)


def _staff_device(account: Account, label: str, at: datetime) -> str:
    _, token = sign_in_device(
        by=_self(account),
        at=at,
        kind=DeviceKind.ACCOUNT,
        path=account.person.path,
        label=label,
        person=account.person,
    )
    return token


@transaction.atomic
def _household_device(
    card: HouseholdCard | None, label: str, at: datetime
) -> tuple[HouseholdCard, str] | Refused:
    if card is None:
        return Refused(UNKNOWN_CARD)
    if card.revoked_at is not None:
        return Refused(STOLEN_CARD)
    household = card.household
    _, token = sign_in_device(
        by=Actor(str(household.pk), ActorKind.HOUSEHOLD),
        at=at,
        kind=DeviceKind.HOUSEHOLD,
        path=card.path,
        label=label,
        household=household,
        card=card,
    )
    return card, token
