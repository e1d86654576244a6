"""Accounts: user name, password, second factor, recovery codes."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from django.db import IntegrityError, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.actions.devices import revoke_devices_of
from lastmetre.ground.people.actions.persons import add_person, check_manages
from lastmetre.ground.people.actions.roles import give_role
from lastmetre.ground.people.catalogue import ADMINISTRATOR
from lastmetre.ground.people.models import Account, Person, Role
from lastmetre.ground.people.rules import RECOVERY_CODES, Permission, check_password, check_username
from lastmetre.ground.people.tokens import CODE_LENGTH, hash_of, hash_password, is_password
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.responses import standing_response
from lastmetre.papers.codes import ALPHABET
from lastmetre.terms import InputError, say

ACCOUNT = "people.account"
RECOVERY = "recovery code"


@transaction.atomic
def create_account(
    person: Person, *, by: Actor, at: datetime, username: str, password: str, language: str = ""
) -> Account:
    """Give a person a user name and password; the second factor is set up at the first sign-in."""
    plain = check_username(username)
    check_password(password, username=plain)
    account = Account(
        person=person,
        response=standing_response(at),
        username=plain,
        password=hash_password(password),
        totp_secret=pyotp.random_base32(),
        language=language,
        created_at=at,
        password_changed_at=at,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise InputError(
            say("The user name {name} is taken.", name=plain), remedy=say("Choose another one.")
        ) from error
    record("created", ACCOUNT, account.pk, by=by, at=at, path=person.path)
    return account


@transaction.atomic
def create_administrator(
    *, by: Actor, at: datetime, place: Place, name: str, username: str, password: str, phone: str = ""
) -> Account:
    """Make somebody administrator of a place and all below it (`lastmetre createadmin`)."""
    person = add_person(by=by, at=at, place=place, name=name, phone=phone)
    give_role(person, Role.objects.get(code=ADMINISTRATOR), by=by, at=at, place=place)
    return create_account(person, by=by, at=at, username=username, password=password)


@transaction.atomic
def change_password(
    account: Account, *, by: Actor, at: datetime, old: str, new: str, keep_device: str = ""
) -> None:
    """Change one's own password; all other devices are signed out."""
    if str(account.person_id) != by.key or not is_password(old, account.password):
        raise InputError(
            say("The present password is not right."), remedy=say("Enter the one that you signed in with.")
        )
    set_password(account, by=by, at=at, password=new)
    devices = account.person.devices.filter(revoked_at=None).exclude(pk=keep_device or None)
    devices.update(revoked_at=at, revoked_by=by.key)


def set_password(account: Account, *, by: Actor, at: datetime, password: str) -> None:
    """Set a password that whoever calls is entitled to set."""
    check_password(password, username=account.username)
    account.password = hash_password(password)
    account.password_changed_at = at
    account.save(update_fields=["password", "password_changed_at"])
    record("changed password", ACCOUNT, account.pk, by=by, at=at, path=account.person.path)


@transaction.atomic
def start_afresh(account: Account, *, by: Actor, at: datetime, password: str) -> None:
    """Set a new password and second factor for who lost them (by an invitation); all devices are signed out."""
    set_password(account, by=by, at=at, password=password)
    account.totp_secret = pyotp.random_base32()
    account.totp_confirmed_at = account.totp_last_step = None
    account.recovery_codes = []
    account.save(update_fields=["totp_secret", "totp_confirmed_at", "totp_last_step", "recovery_codes"])
    revoke_devices_of(by=by, at=at, person=account.person)


@transaction.atomic
def set_language(account: Account, *, by: Actor, at: datetime, language: str) -> None:
    """Remember the language that somebody reads."""
    account.language = language
    account.save(update_fields=["language"])
    record("changed language", ACCOUNT, account.pk, by=by, at=at, path=account.person.path, to=language)


@transaction.atomic
def close_account(account: Account, *, by: Actor, at: datetime, why: str = "") -> None:
    """Close an account at once, with all its devices (a stolen phone, a false name)."""
    by.must(Permission.ACCOUNTS, path=account.person.path)
    check_manages(by, account.person, at=at)
    account.is_active = False
    account.save(update_fields=["is_active"])
    revoke_devices_of(by=by, at=at, person=account.person)
    record("closed", ACCOUNT, account.pk, by=by, at=at, path=account.person.path, why=why)


@transaction.atomic
def open_account(account: Account, *, by: Actor, at: datetime) -> None:
    """Open a closed account again."""
    by.must(Permission.ACCOUNTS, path=account.person.path)
    check_manages(by, account.person, at=at)
    account.is_active = True
    account.save(update_fields=["is_active"])
    record("opened", ACCOUNT, account.pk, by=by, at=at, path=account.person.path)


@transaction.atomic
def renew_recovery_codes(account: Account, *, by: Actor, at: datetime) -> list[str]:
    """Make new recovery codes, told this once; the old ones are worth nothing from now on."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    account.recovery_codes = [hash_of(code, RECOVERY) for code in codes]
    account.save(update_fields=["recovery_codes"])
    record("made recovery codes", ACCOUNT, account.pk, by=by, at=at, path=account.person.path)
    return codes


def system_account(username: str) -> Account | None:
    """Return an account by its user name, for the door and commands that act as SYSTEM."""
    return Account.objects.select_related("person").filter(username=username.strip().lower()).first()
