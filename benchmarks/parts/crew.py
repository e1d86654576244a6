"""People who work in a large compound, each signed in on a device of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastmetre.chain.orders.models import Round
from lastmetre.ground.people.actions.devices import sign_in_device
from lastmetre.ground.people.models import Account, Assignment, Fitness, Person, Role, Training
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import standing_response
from parts.large import Large, desk_of

OF_THE_SUPPLIER = ("supplier_clerk", "driver")
ROLES = (
    *("building_head", "liaison", "community_worker", "gate_keeper", "receiver", "volunteer"),
    *("hotline_operator", "commander", "auditor"),
    *OF_THE_SUPPLIER,
)
DESK = "administrator"
HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with one role, and what signs them in."""

    person: str
    token: str


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who works on a round, by role."""

    large: Large
    round: Round
    of: dict[str, Worker]

    def token(self, role: str) -> str:
        """What signs a role in."""
        return self.of[role].token


def hire(large: Large, row: Round, at: datetime, roles: Sequence[str] = ROLES) -> Crew:
    """Give every role to somebody of its own, whose name the pages can show; the first household signs in too.

    Within SYSTEM.
    """
    known = {one.code: one for one in Role.objects.filter(code__in=roles)}
    home = large.homes[0]
    _, token = sign_in_device(by=SYSTEM, at=at, kind=DeviceKind.HOUSEHOLD, path=home.path, household=home)
    found = {DESK: Worker("", desk_of(large, at)), HOUSEHOLD: Worker(str(home.pk), token)}
    return Crew(large, row, found | {code: _worker(large, known[code], at) for code in roles})


def _worker(large: Large, role: Role, at: datetime) -> Worker:
    shop = large.supplier.organisation if role.code in OF_THE_SUPPLIER else None
    place = large.compound if shop is None else None
    person = Person(
        place=place or large.supplier.organisation.seat,
        organisation=shop,
        response=standing_response(at),
        name="陈志愿",
        phone="13900001111",
    )
    person.save(force_insert=True)
    Assignment(
        person=person, role=role, place=place, organisation=shop, starts_at=at, given_by=SYSTEM.key
    ).save(force_insert=True)
    Account(
        person=person,
        response=person.response,
        username=f"u{new_id().hex[-12:]}",
        password="not a hash",  # signed in without it
        created_at=at,
        password_changed_at=at,
        totp_confirmed_at=at,
    ).save(force_insert=True)
    Fitness(person=person, declared_at=at, is_fit=True, tested_at=at - timedelta(hours=2)).save(
        force_insert=True
    )
    Training(person=person, topic="briefing", trained_on=at.date()).save(force_insert=True)
    person.refresh_from_db()
    _, token = sign_in_device(by=SYSTEM, at=at, kind=DeviceKind.ACCOUNT, path=person.path, person=person)
    return Worker(str(person.pk), token)
