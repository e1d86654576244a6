"""What is on its way when the demo begins, so that nobody's first page is empty.

One small round is being handed out, one is on the road to the gate, one waits for the supplier's answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.doorstep.actions.doors import Told, take_event
from lastmetre.chain.doorstep.actions.waves import plan_wave
from lastmetre.chain.doorstep.rules import Outcome
from lastmetre.chain.gate.actions.counting import count_all
from lastmetre.chain.gate.actions.receiving import finish, receive
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.orders.actions.bulk import place_many
from lastmetre.chain.orders.actions.requests import Asked, Wish
from lastmetre.chain.orders.actions.rounds import NewRound, cut_off, open_round, prepare_round
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import Channel, RoundState
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.purchase.actions.supplying import confirm
from lastmetre.chain.purchase.queries.orders import order_of
from lastmetre.chain.settlement.actions.payments import record_payment
from lastmetre.chain.settlement.rules import How
from lastmetre.chain.transport.actions.loads import announce, leave, put_in
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.cli.loading.context import Context
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.ids import new_id
from lastmetre.scenarios.codes import Role

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EXPECTED = 50 * MINUTE
"""From the beginning until the vehicle on the road is at the gate."""
PLATES = ("豫A·2107学", "豫A·5530学")
GOODS = 3
"""Kinds of goods in these rounds."""
NEIGHBOUR = "erqi/xinyuan"
"""Another compound of the same supplier, whose order it has not answered yet."""


@dataclass(frozen=True, slots=True)
class Small:
    """A small round: for which homes, when it opened before the demo's beginning and goes out after it, how far."""

    title: str
    place: str
    homes: tuple[str, ...]
    opened: timedelta
    wave: timedelta
    until: RoundState


def load_underway(
    context: Context, supplier: Supplier, today: NewRound, compound: str, busy: set[str]
) -> None:
    """Write three small rounds with today's goods; `busy` are keys of homes that order today."""
    cared, driver = _cared_for(context, compound), _first_in(Role.DRIVER, context)
    first, second = f"{compound}/1/2/", f"{compound}/2/1/"
    homes = [one.key for one in context.world.households if one.key not in busy]
    stairs = tuple(islice((one for one in homes if one.startswith(first) and one != cared), 7))
    rounds = (
        Small("昨天上午的菜", compound, (cared, *stairs), DAY, timedelta(), RoundState.DELIVERING),
        Small("昨天下午的菜", compound, _at(homes, second), 18 * HOUR, EXPECTED, RoundState.UNDERWAY),
        Small(
            "明早的菜", NEIGHBOUR, _at(homes, f"{NEIGHBOUR}/1/"), 16 * HOUR, DAY + HOUR, RoundState.ORDERED
        ),
    )
    for small in rounds:
        row = _ordered(context, supplier, today, small)
        if small.until is not RoundState.ORDERED:
            is_here = small.until is RoundState.DELIVERING
            _fetch(context, row, Vehicle(PLATES[is_here], driver="" if is_here else driver))
        if small.until is RoundState.DELIVERING:
            _hand_out(context, row, compound, cared)


def _at(homes: Iterable[str], start: str) -> tuple[str, ...]:
    return tuple(islice((one for one in homes if one.startswith(start)), 8))


def _cared_for(context: Context, compound: str) -> str:
    """Return a home of the carer who signs in: the first."""
    held = (one for one in context.world.assignments if one.role is Role.CARER)
    return next(one.household for one in held if one.household.startswith(f"{compound}/1/2/"))


def _first_in(role: Role, context: Context, place: str = "") -> str:
    """Return the key of the first person with a role, at a place where the role has one."""
    held = (one for one in context.world.assignments if one.role is role and one.place == place)
    return str(context.id(next(held).person))


def _ordered(context: Context, supplier: Supplier, today: NewRound, small: Small) -> Round:
    """Write a round up to its order at the supplier."""
    by, wave = context.by, context.at + small.wave
    opens = context.at - small.opened
    closes = opens + 4 * HOUR
    goods = tuple(replace(one, stock=None, offer=None) for one in today.items[:GOODS])
    new = replace(
        today,
        title=small.title,
        opens_at=opens,
        closes_at=closes,
        wave_at=wave,
        pay_until=wave - HOUR,
        items=goods,
    )
    place = Place.objects.get(pk=context.id(small.place))
    row = open_round(prepare_round(place, supplier, new, by=by, at=opens), by=by, at=opens)
    place_many(row.pk, _wishes(context, row, small.homes), by=by, at=opens + HOUR)
    row = cut_off(row, by=by, at=closes)
    allocate(row, by=by, at=closes)
    place_order(row, by=by, at=closes + HOUR)
    return row


def _wishes(context: Context, row: Round, homes: Sequence[str]) -> list[tuple[Household, Asked]]:
    items = list(row.items.select_related("product").order_by("number"))
    found = Household.objects.select_related("place").in_bulk([context.id(key) for key in homes])
    return [
        (
            home,
            Asked(
                tuple(Wish(one.pk, one.product.step * Decimal(1 + number % 2)) for one in items), Channel.PAGE
            ),
        )
        for number, home in enumerate(found.values())
    ]


def _fetch(context: Context, row: Round, vehicle: Vehicle) -> None:
    """The supplier confirms and packs, everybody pays, and the goods set off."""
    by, wave, closed = context.by, row.wave_at, row.closes_at
    order = order_of(row)
    assert order is not None
    confirm(order, by=by, at=closed + 2 * HOUR)
    pack(row, by=by, at=closed + 3 * HOUR)
    dues = due_by_household(row.book)
    for home in Household.objects.select_related("place").filter(pk__in=dues):
        record_payment(row, home, dues[home.pk], how=How.LIAISON, by=by, at=closed + 4 * HOUR)
    # The driver's role begins with the demo: a trip of theirs cannot have been announced before.
    left = min(context.at, wave - HOUR) if not vehicle.driver else context.at
    load = announce(row, vehicle, expected_at=wave, by=by, at=left)
    put_in(load, by=by, at=left)
    leave(load, by=by, at=left)


def _hand_out(context: Context, row: Round, place: str, cared: str) -> None:
    """The bags stand on their carts; at the first door a volunteer found somebody who needs help."""
    by, at = context.by, context.at
    load = Load.objects.get(round=row)
    keeper = _first_in(Role.RECEIVER, context, place)
    arrival = receive(row, load=load, holder=keeper, by=by, at=at - HOUR / 2)
    count_all(arrival, counted=row.requests.count(), by=by, at=at - HOUR / 2)
    finish(arrival, by=by, at=at - HOUR / 2)
    plan_wave(row, by=by, at=at)
    walker = replace(by, sees=(row.path,))
    for outcome in (Outcome.DELIVERED, Outcome.NEEDS_HELP):
        take_event(Told(new_id(), outcome, str(context.id(cared)), at), by=walker, at=at)
