"""A link for volunteers without an account: they join the wave's shift with a name and a word about their health."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from lastmetre.chain.doorstep.models import Wave
from lastmetre.chain.doorstep.rules import Permission
from lastmetre.ground.people.actions.invitations import invite_to_shift
from lastmetre.ground.people.actions.squads import add_squad, plan_shift
from lastmetre.ground.people.models import Invitation, Shift, Squad
from lastmetre.ground.people.rules import SquadKind
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def invite_to_wave(wave: Wave, *, by: Actor, at: datetime) -> Invitation:
    """Make the link of a wave's shift; squad and shift are made where the compound has none yet."""
    by.must(Permission.PLAN, path=wave.path)
    if wave.ended_at is not None or wave.ends_at <= at:
        raise InputError(say("This wave has ended."), remedy=say("Plan another wave for what is left."))
    with acting_as(by):
        return invite_to_shift(_shift_of(wave, by=by, at=at), by=by, at=at)


def _shift_of(wave: Wave, *, by: Actor, at: datetime) -> Shift:
    kinds = (SquadKind.DELIVERY_TEAM, SquadKind.SUPPLY)
    running = Shift.objects.filter(
        squad__place=wave.place_id,
        squad__kind__in=kinds,
        squad__ended_at=None,
        cancelled_at=None,
        starts_at__lte=max(wave.starts_at, at),
        ends_at__gte=wave.ends_at,
    )
    if (found := running.order_by("-starts_at").first()) is not None:
        return found
    squad = Squad.objects.filter(place=wave.place_id, kind__in=kinds, ended_at=None).first()
    if squad is None:
        name = say("Delivery squad").text(gettext)
        squad = add_squad(by=by, at=at, place=wave.place, kind=SquadKind.DELIVERY_TEAM, name=name)
    wanted = max(1, wave.duties.count())
    return plan_shift(
        squad, by=by, at=at, starts_at=min(wave.starts_at, at), ends_at=wave.ends_at, wanted=wanted
    )
