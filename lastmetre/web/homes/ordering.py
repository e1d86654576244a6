"""What homes show of ordering: for a household what it can ask for now, for a liaison where the rounds stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.queries.ordering import last_asked, rounds_shown
from lastmetre.chain.orders.rules import ROUND_WORDS, Permission, RequestState, RoundState
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household
from lastmetre.terms import say
from lastmetre.web.homes.home import Way
from lastmetre.web.saying import day_time

MOST = 5
PRINTED = (
    RoundState.ALLOCATED,
    RoundState.ORDERED,
    RoundState.PACKED,
    RoundState.UNDERWAY,
    RoundState.ARRIVED,
    RoundState.DELIVERING,
)
"""While it is known who gets what, and not every bag is at its door."""


def to_order(household: Household) -> tuple[tuple[Way, ...], str]:
    """Return a household's running rounds as rows, and where its last order is repeated ('': nowhere)."""
    rounds = list(rounds_shown(household)[:MOST])
    mine = Request.objects.filter(household=household, state=RequestState.ACTIVE, round__in=rounds)
    asked = set(mine.values_list("round", flat=True))
    rows, repeat = [], ""
    for row in rounds:
        address = reverse("orders:order", args=[row.pk])
        is_open = row.state == RoundState.OPEN
        rows.append(
            Way(
                row.title,
                "shopping-cart",
                address,
                detail=say("Order until {time}", time=day_time(row.closes_at))
                if is_open
                else ROUND_WORDS[RoundState(row.state)],
                state="good" if row.pk in asked else ("now" if is_open else "idle"),
                words=say("Your order is in")
                if row.pk in asked
                else (say("You can order") if is_open else say("Not ordered")),
            )
        )
        if is_open and row.pk not in asked and not repeat and last_asked(household, row):
            repeat = f"{address}?repeat=1"
    return tuple(rows), repeat


def running(rounds: Sequence[Round], held: Held | None) -> tuple[Way, ...]:
    """Return where the running rounds of a place stand, and lists to print, for who runs or takes orders; no query."""
    if held is None or not {Permission.ROUNDS, Permission.TAKE} & set(held.permissions):
        return ()
    rows = rounds[:MOST]
    ways = (
        Way(
            row.title,
            "package",
            reverse("orders:round", args=[row.pk]),
            detail=say(
                "{orders} orders · cut-off {time}",
                orders=row.orders,
                time=day_time(row.closes_at),
            ),
            state="now" if row.state == RoundState.OPEN else "wait",
            words=ROUND_WORDS[RoundState(row.state)],
        )
        for row in rows
    )
    return (*ways, *_to_print(rows, held))


def _to_print(rows: Iterable[Round], held: Held) -> tuple[Way, ...]:
    """Return the lists that a building head carries up the own stairs, once the goods are shared out."""
    if Permission.TAKE not in held.permissions or Permission.ROUNDS in held.permissions:
        return ()
    return tuple(
        Way(
            say("Print: {title}", title=row.title),
            "printer",
            reverse("printing:papers", args=[row.pk]),
            detail=say("Door list and slips of your homes"),
        )
        for row in rows
        if row.state in PRINTED
    )
