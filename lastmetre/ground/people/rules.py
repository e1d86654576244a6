"""What holds for people whatever the database says: permissions, kinds, limits, who is fit for duty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from lastmetre.ground.protection.actor import Denied
from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do with people."""

    SEE = "people.see"
    EDIT = "people.edit"
    REVEAL = "people.reveal"
    GIVE_ROLES = "people.roles.give"
    """Roles whose permissions the giver has as well."""
    GIVE_ANY_ROLE = "people.roles.any"
    DEFINE_ROLES = "people.roles.define"
    CARDS = "people.cards"
    SQUADS = "people.squads"
    ACCOUNTS = "people.accounts"


class Scope(StrEnum):
    """What a role is given for."""

    PLACE = "place"
    ORGANISATION = "organisation"
    HOUSEHOLD = "household"
    """A single door: a place of kind household."""
    EITHER = "either"
    """A place or an organisation: drivers are a sub-district's own (FC4d) or a firm's."""


class OrganisationKind(StrEnum):
    """Whom somebody works for."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    SUBDISTRICT_OFFICE = "subdistrict_office"
    COMMITTEE = "committee"
    PROPERTY_OFFICE = "property_office"
    SUPPLIER = "supplier"
    PLATFORM = "platform"
    COURIER = "courier"
    FLEET = "fleet"
    VOLUNTEERS = "volunteers"
    SCHOOL = "school"
    OTHER = "other"


class SquadKind(StrEnum):
    """What a squad is for: helpers (YC5), teams at a gate (SQ10), groups of a response (FC7, YX13b)."""

    PERSUASION = "persuasion"
    SUPPLY = "supply"
    TRANSPORT = "transport"
    DUTY = "duty"
    PATROL = "patrol"
    VETTING = "vetting"
    DISINFECTION = "disinfection"
    SHUTTLE = "shuttle"
    SUPERVISION = "supervision"
    TASK_FORCE = "task_force"
    LEADING_GROUP = "leading_group"
    DELIVERY_TEAM = "delivery_team"
    WORK_GROUP = "work_group"


class DeviceKind(StrEnum):
    """How a device came to be signed in."""

    ACCOUNT = "account"
    HOUSEHOLD = "household"
    VOLUNTEER = "volunteer"
    TOKEN = "token"
    """A program with an API token."""


class InvitationKind(StrEnum):
    """What a link gives."""

    ACCOUNT = "account"
    SHIFT = "shift"


LIFE_OF_DEVICE = {
    DeviceKind.ACCOUNT: timedelta(days=14),
    DeviceKind.HOUSEHOLD: timedelta(days=90),
    DeviceKind.TOKEN: timedelta(days=365),
}
"""How long a device stays signed in; a volunteer's ends with the shift."""
LIFE_OF_INVITATION = timedelta(days=3)
LIFE_OF_STEP = timedelta(minutes=10)
"""How long the second step of a sign-in may take."""
OPENS_BEFORE = timedelta(hours=12)
"""How long before a shift its link lets volunteers in: what they say of their health must still hold."""
SEEN_EVERY = timedelta(minutes=10)
"""How exactly "last used" is kept: a write at each request would cost more than it tells."""
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Times that people may enter: what lies outside is a slip of the keys."""
MOST_USES = 200
MOST_CARDS_A_PRINT = 400
"""Cards that one request typesets: 40 pages; larger compounds print by building."""

# Passwords and codes

PASSWORD_LENGTH = 12
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
RECOVERY_CODES = 8


def check_username(username: str) -> str:
    """Return a user name as it is stored; raises InputError where it does not fit."""
    plain = username.strip().lower()
    if not USERNAME.fullmatch(plain):
        raise InputError(
            say("A user name has 3 to 40 small letters, digits, dots, hyphens."),
            remedy=say("Choose another, such as the initials of your name and a number."),
        )
    return plain


def check_password(password: str, *, username: str) -> None:
    """Raise InputError where a password is easily guessed: length counts, kinds of signs do not."""
    if len(password) < PASSWORD_LENGTH:
        raise InputError(
            say("The password is too short."),
            remedy=say(
                "Use at least {count} characters: three or four words do well.", count=PASSWORD_LENGTH
            ),
        )
    if len(password) > 200:
        raise InputError(say("The password is too long."), remedy=say("Use 200 characters at most."))
    folded = password.casefold()
    if len(set(folded)) < 5 or username in folded or _is_a_run(folded) or folded in _COMMON:
        raise InputError(
            say("This password is easily guessed."),
            remedy=say("Do not use your user name, a row of keys or one sign many times."),
        )


_COMMON = frozenset({"password1234", "passwordpassword", "administrator", "1q2w3e4r5t6y", "qwertyuiop123"})
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def _is_a_run(text: str) -> bool:
    return any(text in run or text in run[::-1] for run in _RUNS)


# Throttling: by account and known device, never by address (half a compound shares one)

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGET_FAILURES = timedelta(hours=24)
CODES_A_MINUTE = 60
"""Wrong card codes that the whole installation answers in a minute; QR codes are not counted."""


def wait_after(failures: int) -> timedelta:
    """Return how long a door stays shut after so many failures: none for five, then 30 s, 1 min, 2 min..."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    # 2 ** 5 half minutes is more than the longest wait already; larger powers would overflow.
    return min(timedelta(seconds=30) * 2 ** min(failures - FREE_FAILURES, 5), LONGEST_WAIT)


# Roles


def can_give(permissions: Iterable[str], covers: Callable[[str], bool]) -> bool:
    """Tell whether somebody may give a role: nobody gives more than they have (`covers` asks the actor)."""
    if covers(Permission.GIVE_ANY_ROLE):
        return True
    return covers(Permission.GIVE_ROLES) and all(covers(one) for one in permissions)


def check_give(permissions: Iterable[str], covers: Callable[[str], bool]) -> None:
    """Raise Denied where `can_give` says no."""
    if not can_give(permissions, covers):
        raise Denied(
            say("You cannot give this role here: it may do more than you may."),
            remedy=say("Ask an administrator of the place."),
        )


def is_running(starts_at: datetime, ends_at: datetime | None, at: datetime) -> bool:
    """Tell whether something holds at a time; its end is outside."""
    return starts_at <= at and (ends_at is None or at < ends_at)


# Fit for duty

FIT_FOR = timedelta(hours=24)
"""How long "I feel well" holds."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is known of a person before duty (FC8, YX14d)."""

    declared_at: datetime | None = None
    is_fit: bool = False
    tested_at: datetime | None = None
    is_trained: bool = False


def unfit_because(known: Readiness, *, at: datetime, test_hours: int) -> Sentence | None:
    """Say why a person may not work at a time, or None (FC8: not unwell, trained, tested on schedule)."""
    if known.declared_at is None or at - known.declared_at > FIT_FOR:
        return say("Nobody works who has not said today that they feel well.")
    if not known.is_fit:
        return say("Nobody works who does not feel well.")
    if not known.is_trained:
        return say("Nobody works who was not trained before duty.")
    if test_hours and (known.tested_at is None or at - known.tested_at > timedelta(hours=test_hours)):
        return say("The last negative test is older than {hours} hours.", hours=test_hours)
    return None


def check_fit_for_duty(known: Readiness, *, at: datetime, test_hours: int) -> None:
    """Raise InputError where a person may not work."""
    if reason := unfit_because(known, at=at, test_hours=test_hours):
        raise InputError(
            reason, remedy=say("Somebody else takes over; once that has changed, enter it again.")
        )
