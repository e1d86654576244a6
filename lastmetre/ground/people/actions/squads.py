"""Squads and shifts: who does what kind of work, in which wave."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.people.models import (
    Device,
    Organisation,
    Person,
    Shift,
    ShiftDuty,
    Squad,
    SquadMember,
)
from lastmetre.ground.people.queries.duty import readiness_of
from lastmetre.ground.people.rules import Permission, SquadKind, check_fit_for_duty
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import InputError, say

SQUAD = "people.squad"
SHIFT = "people.shift"


@transaction.atomic
def add_squad(
    *,
    by: Actor,
    at: datetime,
    place: Place,
    kind: SquadKind,
    name: str,
    duty: str = "",
    organisation: Organisation | None = None,
) -> Squad:
    """Add a squad, gate team or work group to a place; raises InputError where the name is taken."""
    by.must(Permission.SQUADS, path=place.path)
    row = Squad(
        place=place, path=place.path, kind=kind, name=name.strip()[:60], duty=duty, organisation=organisation
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise InputError(
            say("A squad needs a name that no other squad here has."), remedy=say("Choose another name.")
        ) from error
    record("added", SQUAD, row.pk, by=by, at=at, path=place.path, of=kind.value)
    return row


@transaction.atomic
def end_squad(squad: Squad, *, by: Actor, at: datetime) -> None:
    """Dissolve a squad; its shifts to come are cancelled."""
    by.must(Permission.SQUADS, path=squad.path)
    for shift in Shift.objects.filter(squad=squad, ends_at__gt=at, cancelled_at=None):
        cancel_shift(shift, by=by, at=at)
    SquadMember.objects.filter(squad=squad, left_at=None).update(left_at=at)
    squad.ended_at = at
    squad.save(update_fields=["ended_at"])
    record("ended", SQUAD, squad.pk, by=by, at=at, path=squad.path)


@transaction.atomic
def join_squad(
    squad: Squad, person: Person, *, by: Actor, at: datetime, is_leader: bool = False
) -> SquadMember:
    """Put somebody into a squad; a new leader takes the place of the one before."""
    by.must(Permission.SQUADS, path=squad.path)
    if is_leader:
        SquadMember.objects.filter(squad=squad, left_at=None).update(is_leader=False)
    member, is_new = SquadMember.objects.get_or_create(
        squad=squad, person=person, left_at=None, defaults={"joined_at": at, "is_leader": is_leader}
    )
    if not is_new and is_leader:
        member.is_leader = True
        member.save(update_fields=["is_leader"])
    record("joined", SQUAD, squad.pk, by=by, at=at, path=squad.path, who=str(person.pk), leads=is_leader)
    return member


@transaction.atomic
def leave_squad(member: SquadMember, *, by: Actor, at: datetime) -> None:
    """Take somebody out of a squad."""
    if str(member.person_id) != by.key:
        by.must(Permission.SQUADS, path=member.squad.path)
    member.left_at, member.is_leader = at, False
    member.save(update_fields=["left_at", "is_leader"])
    path = member.squad.path
    record("left", SQUAD, member.squad_id, by=by, at=at, path=path, who=str(member.person_id))


@transaction.atomic
def plan_shift(
    squad: Squad, *, by: Actor, at: datetime, starts_at: datetime, ends_at: datetime, wanted: int
) -> Shift:
    """Plan a wave of a squad's work (ER5); raises InputError for times that do not fit."""
    by.must(Permission.SQUADS, path=squad.path)
    if ends_at <= starts_at or ends_at <= at or wanted < 1:
        raise InputError(
            say("A shift ends after it starts, lies ahead, and needs somebody."),
            remedy=say("Check the times and the number of hands."),
        )
    row = Shift(squad=squad, starts_at=starts_at, ends_at=ends_at, wanted=wanted)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise InputError(
            say("This squad has a shift that starts then."), remedy=say("Choose another time.")
        ) from error
    record("planned", SHIFT, row.pk, by=by, at=at, path=squad.path, wanted=wanted)
    return row


@transaction.atomic
def cancel_shift(shift: Shift, *, by: Actor, at: datetime, why: str = "") -> None:
    """Cancel a shift; its link and its volunteers' devices end with it."""
    by.must(Permission.SQUADS, path=shift.squad.path)
    shift.cancelled_at = at
    shift.save(update_fields=["cancelled_at"])
    Device.objects.filter(shift=shift, revoked_at=None).update(revoked_at=at, revoked_by=by.key)
    record("cancelled", SHIFT, shift.pk, by=by, at=at, path=shift.squad.path, why=why)


@transaction.atomic
def take_duty(shift: Shift, person: Person, *, by: Actor, at: datetime) -> ShiftDuty:
    """Put somebody on a shift; they begin only when they are fit for duty."""
    if str(person.pk) != by.key:
        by.must(Permission.SQUADS, path=shift.squad.path)
    if shift.cancelled_at is not None or shift.ends_at <= at:
        raise InputError(say("This shift is over or was cancelled."), remedy=say("Pick another one."))
    duty, is_new = ShiftDuty.objects.get_or_create(
        shift=shift, person=person, given_up_at=None, defaults={"taken_at": at}
    )
    if is_new:
        record("took duty", SHIFT, shift.pk, by=by, at=at, path=shift.squad.path, who=str(person.pk))
    return duty


@transaction.atomic
def start_duty(duty: ShiftDuty, *, by: Actor, at: datetime, test_hours: int) -> None:
    """Let somebody begin; raises InputError for who is unwell, untrained or not tested in time (FC8, YX14d)."""
    if str(duty.person_id) != by.key:
        by.must(Permission.SQUADS, path=duty.shift.squad.path)
    known = readiness_of([duty.person_id])[duty.person_id]
    check_fit_for_duty(known, at=at, test_hours=test_hours)
    if duty.started_at is None:
        duty.started_at = at
        duty.save(update_fields=["started_at"])
        path = duty.shift.squad.path
        record("started duty", SHIFT, duty.shift_id, by=by, at=at, path=path, who=str(duty.person_id))


@transaction.atomic
def give_up_duty(duty: ShiftDuty, *, by: Actor, at: datetime) -> None:
    """Take somebody off a shift."""
    if str(duty.person_id) != by.key:
        by.must(Permission.SQUADS, path=duty.shift.squad.path)
    duty.given_up_at = at
    duty.save(update_fields=["given_up_at"])
    path = duty.shift.squad.path
    record("gave up duty", SHIFT, duty.shift_id, by=by, at=at, path=path, who=str(duty.person_id))
