"""What falls due in a day without anybody pressing a button: rounds open and are cut off; in a demo others act too.

The clock of a demo runs it at every step, a periodic job every few seconds; both may, and often do, at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from lastmetre.chain.doorstep.actions.pickup import end_pickup
from lastmetre.chain.doorstep.queries.turns import pickup_of
from lastmetre.chain.gate.actions.waiting import look_at_fresh
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.orders.actions.rounds import cut_off, open_round
from lastmetre.chain.orders.actions.standing import is_due, repeat_round
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError
from lastmetre.web import others

log = logging.getLogger(__name__)
MANY = 20
"""Orders of a round at whose every step the clock stops."""
ENDED = (RoundState.CLOSED, RoundState.CANCELLED)


class Due(NamedTuple):
    """One thing that happens by itself: to which rounds at a time, and what."""

    name: str
    rounds: Callable[[datetime], QuerySet[Round]]
    do: Callable[[Round, datetime], object]


def _opening(now: datetime) -> QuerySet[Round]:
    return Round.objects.filter(
        state=RoundState.DRAFT, repeat_of__isnull=False, opens_at__lte=now, closes_at__gt=now
    )


def _closing(now: datetime) -> QuerySet[Round]:
    return Round.objects.filter(state=RoundState.OPEN, closes_at__lte=now)


def _repeating(now: datetime) -> QuerySet[Round]:
    standing = Round.objects.filter(repeats_days__isnull=False, repeats=None)
    due = [row.pk for row in standing.exclude(state=RoundState.CANCELLED) if is_due(row, now)]
    return Round.objects.filter(pk__in=due)


def _with_fresh(now: datetime) -> QuerySet[Round]:
    waits = Arrival.objects.filter(due_at__lte=now).values("round")
    return Round.objects.filter(pk__in=waits).exclude(state__in=ENDED)


def _look_at_fresh(row: Round, now: datetime) -> None:
    for arrival in Arrival.objects.filter(round=row, due_at__lte=now):
        look_at_fresh(arrival, at=now)


def _unclaimed(now: datetime) -> QuerySet[Round]:
    return Round.objects.filter(
        waves__at_point=True, waves__ended_at=None, waves__ends_at__lte=now
    ).distinct()


def _end_pickup(row: Round, now: datetime) -> None:
    if wave := pickup_of(row):
        end_pickup(wave, by=SYSTEM, at=now)


DUE: tuple[Due, ...] = (
    Due("open", _opening, lambda row, now: open_round(row, by=SYSTEM, at=now)),
    Due("cut off", _closing, lambda row, now: cut_off(row, by=SYSTEM, at=now)),
    Due("unclaimed", _unclaimed, _end_pickup),
    Due("repeat", _repeating, lambda row, now: repeat_round(row, by=SYSTEM, at=now)),
    Due("fresh goods", _with_fresh, _look_at_fresh),
)


def run_due(now: datetime) -> int:
    """Do whatever is due at a time; returns how many things happened. What is refused is left for a person.

    Each thing is a transaction of its own, so that nobody waits for all of them at a round that is being written.
    """
    done = 0
    for due in DUE:
        with acting_as(SYSTEM):
            rows = list(due.rounds(now))
        for row in rows:
            done += _done(due, row, now)
    return done + others.do_due(now)


def _done(due: Due, row: Round, now: datetime) -> bool:
    try:
        with acting_as(SYSTEM):
            # The clock first, then rounds: two who run the day never wait for each other in a circle.
            if not clock.keep():
                return False
            due.do(row, now)
    except InputError as error:
        log.warning("%s of round %s was refused: %s", due.name, row.pk, error)
        return False
    return True


def next_due(now: datetime) -> datetime | None:
    """Return the next moment at which something of a running round is due; None where there is none."""
    with acting_as(SYSTEM):
        running = _followed()
        times = running.values_list("opens_at", "closes_at", "pay_until", "wave_at", "waves__ends_at")
        planned = [one for row in times for one in row if one is not None and one > now]
        return min([*planned, *others.next_moments(running, now)], default=None)


def _followed() -> QuerySet[Round]:
    """Return the running rounds at which the clock stops; what is small and cut off goes on by the way."""
    running = Round.objects.exclude(state__in=ENDED)
    taking = Q(state__in=(RoundState.DRAFT, RoundState.OPEN))
    many = running.annotate(orders=Count("requests")).filter(taking | Q(orders__gte=MANY))
    return running.filter(pk__in=list(many.values_list("pk", flat=True)) or running)
