"""Waves: carts go out, each with somebody who takes it; handed on where a phone or a person fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.doorstep.models import Drop, Duty, Wave
from lastmetre.chain.doorstep.rules import WAVE_LASTS, Permission
from lastmetre.chain.ledger.actions.parcels import move
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind, Spot
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

WAVE, DUTY = "doorstep.wave", "doorstep.duty"
READY = (AccountKind.GATE, AccountKind.CART)
Groups = dict[tuple[str, UUID | None], list[Parcel]]


def plan_wave(
    row: Round,
    *,
    by: Actor,
    at: datetime,
    people: Sequence[str] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    needs_photo: bool = False,
) -> Wave:
    """Send out what stands at the gate or on carts and is in no running wave; one cart a unit (ER3b).

    `people` are keys of volunteers fit for duty: the fullest cart first goes to whoever has the least.
    The round is being handed out from here on.
    """
    by.must(Permission.PLAN, path=row.path)
    start = starts_at or at
    end = ends_at or start + WAVE_LASTS
    if end <= start or end <= at:
        raise InputError(say("The wave would be over already."), remedy=say("Choose a later end."))
    with acting_as(SYSTEM):
        held = Round.objects.select_for_update().get(pk=row.pk)
        groups = _ready(held)
        if not groups:
            raise InputError(
                say("No bag waits to go out."),
                remedy=say("Take in the load at the gate first; bags of a running wave are out already."),
            )
        held = advance(held, RoundState.DELIVERING, by=by, at=at)
        wave = Wave(
            round=held,
            place_id=held.place_id,
            path=held.path,
            number=held.waves.count() + 1,
            starts_at=start,
            ends_at=end,
            needs_photo=needs_photo,
        )
        wave.save(force_insert=True)
        duties = _load(wave, groups)
        record("planned", WAVE, wave.pk, by=by, at=at, path=held.path, carts=len(duties))
        load = dict.fromkeys(people, 0)
        for duty, size in sorted(duties, key=lambda pair: -pair[1]):
            if load:
                lightest = min(load, key=lambda key: load[key])
                load[lightest] += size
                _give(wave, duty, lightest, by=by, at=at)
    return wave


def assign(duty: Duty, person: str, *, by: Actor, at: datetime) -> Duty:
    """Give a cart to somebody, or hand it on: what is not delivered yet goes into their hands."""
    by.must(Permission.PLAN, path=duty.path)
    with acting_as(SYSTEM):
        held = (
            Duty.objects.select_for_update(of=("self",)).select_related("wave__round__book").get(pk=duty.pk)
        )
        if held.wave.ended_at is not None:
            raise InputError(say("This wave has ended."), remedy=say("Plan another wave for what is left."))
        if held.person != person:
            _give(held.wave, held, person, by=by, at=at)
    return held


def end_wave(wave: Wave, *, by: Actor, at: datetime) -> Wave:
    """End a wave: its addresses are shown no more; what was not delivered waits for the next."""
    by.must(Permission.PLAN, path=wave.path)
    with acting_as(SYSTEM):
        held = Wave.objects.select_for_update().get(pk=wave.pk)
        if held.ended_at is None:
            held.ended_at, held.ended_by = at, by.key
            held.save(update_fields=["ended_at", "ended_by"])
            record("ended", WAVE, held.pk, by=by, at=at, path=held.path)
    return held


def _ready(row: Round) -> Groups:
    """Return the bags that may go out, by unit."""
    busy = Drop.objects.filter(duty__wave__round=row, duty__wave__ended_at=None).values("parcel")
    bags = (
        Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None)
        .filter(account__kind__in=[kind.value for kind in READY])
        .exclude(pk__in=busy)
        .select_related("household__place__parent", "account")
    )
    groups: Groups = defaultdict(list)
    for bag in bags:
        unit = bag.household.place.parent
        groups[unit.path if unit else "", unit.pk if unit else None].append(bag)
    return dict(sorted(groups.items(), key=lambda one: one[0][0]))


def _load(wave: Wave, groups: Groups) -> list[tuple[Duty, int]]:
    loaded = []
    for cart, ((_, unit), bags) in enumerate(groups.items(), start=1):
        duty = Duty(wave=wave, place_id=wave.place_id, path=wave.path, cart=cart, unit_id=unit)
        duty.save(force_insert=True)
        bags.sort(key=_walk)
        Drop.objects.bulk_create(
            [Drop(duty=duty, parcel=bag, carry=carry) for carry, bag in enumerate(bags, start=1)]
        )
        loaded.append((duty, len(bags)))
    return loaded


def _walk(bag: Parcel) -> tuple[bool, int, str]:
    """Sort doors as they are walked: top floor first, unknown floors last."""
    home = bag.household
    return home.floor is None, -(home.floor or 0), home.place.sort_key


def _give(wave: Wave, duty: Duty, person: str, *, by: Actor, at: datetime) -> None:
    duty.person, duty.given_at = person, at
    duty.save(update_fields=["person", "given_at"])
    record("assigned", DUTY, duty.pk, by=by, at=at, path=wave.path, cart=duty.cart)
    bags = Parcel.objects.filter(drops__duty=duty, ended_at=None, account__kind__in=READY)
    by_owner: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, kind, owner in bags.values_list("pk", "account__kind", "account__owner"):
        by_owner[owner if kind == AccountKind.CART else None].append(pk)
    for owner, pks in by_owner.items():
        # A sorted cart keeps its account; bags straight from the gate go onto the duty's own.
        to = Spot(AccountKind.CART, owner or duty.pk)
        cause = Cause.HELD if owner else Cause.SORTED
        move(wave.round.book, pks, to=to, holder=person, cause=cause, by=by, at=at)
