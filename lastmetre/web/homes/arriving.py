"""What homes show of the gate and of sorting: who has what for how long, what is to come, which carts to fill."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from lastmetre.chain.gate.queries.arrivals import Standing, alarms_at, standing_at
from lastmetre.chain.gate.rules import Permission as Gate
from lastmetre.chain.gate.rules import Stage
from lastmetre.chain.ledger.rules import CASE_WORDS, CaseKind
from lastmetre.chain.sorting.queries.carts import to_sort
from lastmetre.chain.sorting.rules import Permission as Sorting
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import Sentence, say
from lastmetre.web.homes.home import Figure, Way
from lastmetre.web.saying import day_time

__all__ = ["gate_figures", "gate_ways", "here_ways", "sort_ways", "standing_at"]
MOST = 8
HERE = (Stage.WAITING, Stage.ARRIVED, Stage.COUNTED)


def gate_ways(path: str, actor: Actor, found: list[Standing], now: datetime) -> tuple[Way, ...]:
    """Return fresh goods that wait too long, then what stands at a gate and what is to come, urgent first."""
    if not _may_look(actor, path):
        return ()
    alarms = _alarms(path) if any(one.arrival for one in found) else ()
    return (*alarms, *(_way(one, now) for one in found[:MOST]))


def gate_figures(found: list[Standing], now: datetime) -> tuple[Figure, ...]:
    """Return how many vehicles are to come, how many stand there, and for how long the longest."""
    here = [one for one in found if one.stage in HERE]
    minutes = max((_minutes(one, now) for one in here), default=0)
    coming = sum(one.stage is Stage.EXPECTED for one in found)
    address = reverse("gate:arrivals")
    return (
        Figure(coming, say("Vehicles expected"), address=address),
        Figure(len(here), say("At the gate now"), "now" if here else "", address),
        Figure(minutes, say("Minutes the longest waits"), "wait" if minutes else "", address),
    )


def here_ways(path: str, actor: Actor, now: datetime) -> tuple[Way, ...]:
    """Return what stands at a gate and must go on, and what to sort, for whoever runs the place.

    Nothing that is only to come; two queries where nothing is there.
    """
    if not actor.may(Gate.RECEIVE, path=path):
        return ()
    found = [one for one in standing_at(path) if one.stage is not Stage.EXPECTED]
    return (*gate_ways(path, actor, found, now), *sort_ways(actor)) if found else ()


def sort_ways(actor: Actor) -> tuple[Way, ...]:
    """Return the rounds whose bags somebody may put on carts now."""
    return tuple(
        Way(
            say("Sort: {title}", title=row.title),
            "shopping-cart",
            reverse("sorting:round", args=[row.pk]),
            detail=row.place.name,
            state="now",
            words=say("Scan bags"),
        )
        for row in to_sort()[:MOST]
        if actor.may(Sorting.SORT, path=row.path)
    )


def _may_look(actor: Actor, path: str) -> bool:
    return actor.may(Gate.RECEIVE, path=path) or actor.may(Gate.WATCH, path=path)


def _alarms(path: str) -> tuple[Way, ...]:
    return tuple(
        Way(
            CASE_WORDS[CaseKind.WAITING],
            "alert-triangle",
            reverse("gate:round", args=[case.book.round.pk]) if case.book else "",
            detail=case.words or "",
            state="act",
            words=say("Alarm"),
        )
        for case in alarms_at(path)
    )


def _way(one: Standing, now: datetime) -> Way:
    arrival = one.arrival
    address = (
        reverse("gate:arrival", args=[arrival.pk]) if arrival else reverse("gate:round", args=[one.round.pk])
    )
    return Way(
        f"{one.plate or one.round.title} {one.counted}/{one.total}",
        "truck",
        address,
        detail=say("{title}: {clock}", title=one.round.title, clock=_clock(one, now))
        if one.plate
        else _clock(one, now),
        state=one.colour,
        words=one.words,
    )


def _clock(one: Standing, now: datetime) -> Sentence:
    if one.arrival is not None and one.holder:
        return say("{name} has had it for {minutes} minutes", name=one.holder, minutes=_minutes(one, now))
    if one.arrival is not None:
        return say("At the gate for {minutes} minutes", minutes=_minutes(one, now))
    if one.load is None or one.stage is Stage.WAITING:
        return say("Nobody has taken it in for {minutes} minutes", minutes=_minutes(one, now))
    when = day_time(one.load.expected_at)
    if one.load.expected_at < now:
        return say("Late: it should have come at {when}", when=when)
    return say("Expected at {when}", when=when)


def _minutes(one: Standing, now: datetime) -> int:
    return max(0, int((now - one.since).total_seconds() // 60)) if one.since else 0
