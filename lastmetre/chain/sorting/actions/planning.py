"""Planning a round's carts: gather, plan, record (house law 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.posting import check_open
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.sorting.models import CartRun, Placement
from lastmetre.chain.sorting.queries.stairs import CartProblem, bags_to_sort, cart_problem, floor_at, home_of
from lastmetre.chain.sorting.rules import CartState, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.planning import carts
from lastmetre.planning.checks import check_carts, checked
from lastmetre.terms import InputError, Sentence, say

RUN = "sorting.cartrun"
FROM = (RoundState.PACKED, RoundState.UNDERWAY, RoundState.ARRIVED, RoundState.DELIVERING)
"""Rounds whose bags are known."""


def plan_carts(row: Round, *, by: Actor, at: datetime) -> tuple[Sentence, ...]:
    """Put every bag of a round on a numbered cart; returns what a person must know or arrange.

    As often as wanted while nothing was scanned: the carts are planned anew. Afterwards bags without a place
    only join the carts of their stairs, so that no number changes under anybody's hands.
    """
    by.must(Permission.SORT, path=row.path)
    with acting_as(SYSTEM):
        held = Round.objects.select_for_update(of=("self",)).select_related("book", "place").get(pk=row.pk)
        check_open(held.book)
        return plan_locked(held, by=by, at=at)


def plan_locked(row: Round, *, by: Actor, at: datetime) -> tuple[Sentence, ...]:
    """Plan the carts of a round that is locked; within SYSTEM."""
    bags = bags_to_sort(row)
    if RoundState(row.state) not in FROM or not bags:
        raise InputError(
            say("There are no bags to sort in this round."),
            remedy=say("The supplier packs them first; then come back."),
        )
    if Placement.objects.filter(run__round=row, placed_at__isnull=False).exists() or (
        CartRun.objects.filter(round=row).exclude(state=CartState.OPEN).exists()
    ):
        known = set(Placement.objects.filter(run__round=row).values_list("parcel_id", flat=True))
        late = [bag for bag in bags if bag.pk not in known]
        _join(row, late, by=by, at=at)
        return ()
    Placement.objects.filter(run__round=row).delete()
    CartRun.objects.filter(round=row).delete()
    given = cart_problem(row, bags)
    plan = carts.plan(given.problem)
    checked(plan, check_carts(given.problem, plan))
    _record(row, given, plan)
    record("planned", RUN, row.pk, by=by, at=at, path=row.path, carts=len(plan.carts), bags=len(bags))
    return plan.notes


def _record(row: Round, given: CartProblem, plan: carts.Plan) -> None:
    response = response_for(row.path)
    runs: list[CartRun] = []
    places: list[Placement] = []
    for cart in plan.carts:
        unit = given.stairs[cart.units[0]] if len(cart.units) == 1 else None
        run = CartRun(
            response=response,
            place_id=row.place_id,
            path=row.path,
            round=row,
            wave=cart.wave,
            number=cart.number,
            unit=unit,
            weight_g=cart.weight_g,
        )
        runs.append(run)
        places += [_placement(run, given.bags[bag], carry) for carry, bag in enumerate(cart.bags, start=1)]
    CartRun.objects.bulk_create(runs)
    Placement.objects.bulk_create(places)


def _placement(run: CartRun, bag: Parcel, carry: int) -> Placement:
    home = home_of(bag)
    return Placement(place_id=home.place_id, parcel=bag, run=run, carry=carry, floor=floor_at(home))


def _join(row: Round, late: Sequence[Parcel], *, by: Actor, at: datetime) -> None:
    """Give bags that came later a place at the end of an open cart of their stairs, or on a new cart."""
    runs = list(CartRun.objects.filter(round=row))
    last = {run: Placement.objects.filter(run=run).count() for run in runs if run.state == CartState.OPEN}
    serving: dict[UUID | None, CartRun] = {}
    for run in last:
        if run.unit_id:
            serving.setdefault(run.unit_id, run)
        for unit in Placement.objects.filter(run=run).values_list("place__parent", flat=True).distinct():
            serving.setdefault(unit, run)
    places: list[Placement] = []
    for bag in late:
        unit = home_of(bag).place.parent
        found = serving.get(unit.pk if unit else None)
        if found is None:
            found = _new_run(row, runs, bag)
            serving[unit.pk if unit else None] = found
            last[found] = 0
        last[found] += 1
        places.append(_placement(found, bag, last[found]))
    if places:
        Placement.objects.bulk_create(places)
        record("planned", RUN, row.pk, by=by, at=at, path=row.path, bags=len(places))


def _new_run(row: Round, runs: list[CartRun], bag: Parcel) -> CartRun:
    run = CartRun(
        response=response_for(row.path),
        place_id=row.place_id,
        path=row.path,
        round=row,
        wave=max((one.wave for one in runs), default=1),
        number=max((one.number for one in runs), default=0) + 1,
        unit=home_of(bag).place.parent,
    )
    run.save(force_insert=True)
    runs.append(run)
    return run
