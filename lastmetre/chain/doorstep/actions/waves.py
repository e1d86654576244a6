"""Waves: carts go out, each with somebody who takes it; handed on where a phone or a person fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.doorstep.models import Drop, Duty, Wave
from lastmetre.chain.doorstep.queries.carts import Load, loads_of, run_of
from lastmetre.chain.doorstep.queries.hands import check_may_go
from lastmetre.chain.doorstep.rules import WAVE_LASTS, Permission
from lastmetre.chain.ledger.actions.parcels import move
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.sorting.actions.carts import take
from lastmetre.chain.sorting.rules import CartState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

WAVE, DUTY = "doorstep.wave", "doorstep.duty"


def plan_wave(
    row: Round,
    *,
    by: Actor,
    at: datetime,
    people: Sequence[str] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    needs_photo: bool = False,
    test_hours: int = 0,
) -> Wave:
    """Send out carts that are in no running wave, numbered as they were sorted; one a unit without (ER3b).

    Carts go in the waves in which they were sorted (ER5); what came back from an earlier one goes along.
    `people` are keys of volunteers fit for duty (FC8): the fullest cart first goes to whoever has the least.
    The round is being handed out from here on.
    """
    by.must(Permission.PLAN, path=row.path)
    start = starts_at or at
    end = ends_at or start + WAVE_LASTS
    if end <= start or end <= at:
        raise InputError(say("The wave would be over already."), remedy=say("Choose a later end."))
    with acting_as(SYSTEM):
        check_may_go(people, at=at, test_hours=test_hours)
        held = Round.objects.select_for_update().get(pk=row.pk)
        loads = loads_of(held)
        if not loads:
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
        duties = _load(wave, loads)
        record("planned", WAVE, wave.pk, by=by, at=at, path=held.path, carts=len(duties))
        _share_out(wave, duties, people, by=by, at=at)
    return wave


def share_out(wave: Wave, people: Sequence[str], *, by: Actor, at: datetime, test_hours: int = 0) -> Wave:
    """Give the carts that nobody has to people, by load: who has the fewest bags gets the fullest cart."""
    by.must(Permission.PLAN, path=wave.path)
    with acting_as(SYSTEM):
        check_may_go(people, at=at, test_hours=test_hours)
        held = _running(wave.pk)
        free = Duty.objects.select_for_update().filter(wave=held, person="")
        _share_out(held, [(one, one.drops.count()) for one in free], people, by=by, at=at)
    return held


def assign(duty: Duty, person: str, *, by: Actor, at: datetime, test_hours: int = 0) -> Duty:
    """Give a cart to somebody, or hand it on: what is not delivered yet goes into their hands."""
    by.must(Permission.PLAN, path=duty.path)
    with acting_as(SYSTEM):
        held = _locked(duty)
        if held.person != person:
            check_may_go([person], at=at, test_hours=test_hours)
            _give(held.wave, held, person, by=by, at=at)
    return held


def take_free(duty: Duty, *, by: Actor, at: datetime, test_hours: int = 0) -> Duty:
    """Take a cart that nobody has; raises InputError where somebody was first. Twice is once."""
    by.must(Permission.DELIVER, path=duty.path)
    with acting_as(SYSTEM):
        held = _locked(duty)
        if held.person == by.key:
            return held
        if held.person:
            raise InputError(
                say("Somebody else took cart {cart} a moment ago.", cart=f"{held.cart:02}"),
                remedy=say("Choose another one."),
            )
        check_may_go([by.key], at=at, test_hours=test_hours)
        _give(held.wave, held, by.key, by=by, at=at)
    return held


def set_out(duty: Duty, *, by: Actor, at: datetime) -> Duty:
    """Set out with one's cart once it was released: its bags come into one's hands. Twice is once."""
    by.must(Permission.DELIVER, path=duty.path)
    with acting_as(SYSTEM):
        held = _locked(duty)
        if held.person != by.key:
            raise InputError(
                say("Cart {cart} is not yours any more.", cart=f"{held.cart:02}"),
                remedy=say("Ask the liaison who has it now."),
            )
        run = run_of(held)
        if run is not None and run.state != CartState.TAKEN:
            take(run, holder=by.key, by=by, at=at)
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


def _running(pk: UUID) -> Wave:
    held = Wave.objects.select_for_update(of=("self",)).select_related("round__book").get(pk=pk)
    if held.ended_at is not None:
        raise InputError(say("This wave has ended."), remedy=say("Plan another wave for what is left."))
    return held


def _locked(duty: Duty) -> Duty:
    held = Duty.objects.select_for_update(of=("self",)).select_related("wave__round__book").get(pk=duty.pk)
    if held.wave.ended_at is not None:
        raise InputError(say("This wave has ended."), remedy=say("Plan another wave for what is left."))
    return held


def _load(wave: Wave, loads: Sequence[Load]) -> list[tuple[Duty, int]]:
    loaded = []
    for load in loads:
        duty = Duty(wave=wave, place_id=wave.place_id, path=wave.path, cart=load.cart, unit_id=load.unit)
        duty.save(force_insert=True)
        Drop.objects.bulk_create(
            [Drop(duty=duty, parcel=bag, carry=carry) for carry, bag in enumerate(load.bags, start=1)]
        )
        loaded.append((duty, len(load.bags)))
    return loaded


def _share_out(
    wave: Wave, duties: Sequence[tuple[Duty, int]], people: Sequence[str], *, by: Actor, at: datetime
) -> None:
    load = dict.fromkeys(people, 0)
    for person, bags in _carried(wave, people):
        load[person] += bags
    for duty, size in sorted(duties, key=lambda pair: -pair[1]):
        if load:
            lightest = min(load, key=lambda key: load[key])
            load[lightest] += size
            _give(wave, duty, lightest, by=by, at=at)


def _carried(wave: Wave, people: Sequence[str]) -> list[tuple[str, int]]:
    """Return what people carry in a wave already."""
    rows = Drop.objects.filter(duty__wave=wave, duty__person__in=people).values_list(
        "duty__person", flat=True
    )
    return [(person, 1) for person in rows]


def _give(wave: Wave, duty: Duty, person: str, *, by: Actor, at: datetime) -> None:
    duty.person, duty.given_at = person, at
    duty.save(update_fields=["person", "given_at"])
    record("assigned", DUTY, duty.pk, by=by, at=at, path=wave.path, cart=duty.cart)
    run = run_of(duty)
    if run is not None and run.state == CartState.OPEN:
        return  # being loaded: its bags come into their hands when they set out
    if run is not None and run.state == CartState.RELEASED:
        take(run, holder=person, by=by, at=at)
        return
    kinds = [AccountKind.CART] if run else [AccountKind.GATE, AccountKind.CART, AccountKind.POINT]
    bags = Parcel.objects.filter(drops__duty=duty, ended_at=None, account__kind__in=kinds)
    by_owner: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, kind, owner in bags.values_list("pk", "account__kind", "account__owner"):
        by_owner[owner if kind == AccountKind.CART else None].append(pk)
    for owner, pks in by_owner.items():
        # A sorted cart keeps its account; bags straight from the gate or the point go onto the duty's own.
        to = Spot(AccountKind.CART, owner or duty.pk)
        cause = Cause.HELD if owner else Cause.SORTED
        move(wave.round.book, pks, to=to, holder=person, cause=cause, by=by, at=at)
