"""The whole loading: check, places, people, goods, points, logins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastmetre import scenarios
from lastmetre.cli.loading.context import Context
from lastmetre.cli.loading.goods import load_goods
from lastmetre.cli.loading.logins import Logins, give_logins
from lastmetre.cli.loading.people import load_people
from lastmetre.cli.loading.places import any_place, load_places, load_points
from lastmetre.cli.loading.relay import load_relay
from lastmetre.ground.journal.actions import record
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.draft import CHINA
from lastmetre.scenarios.world import World
from lastmetre.terms import InputError, Sentence, say

PARTS = 5
BEGINS_H = 8
"""A demo's day begins at eight in the morning, whenever it is loaded: its windows and waves lie in the daytime."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written, and how to sign in."""

    world: World
    seconds: float
    logins: Logins

    def lines(self, address: str = "", *, english: bool = False) -> Iterator[Sentence]:
        """Say it, line by line; `address` is where the pages are. Roles are named in Chinese or English."""
        world = self.world
        yield say(
            "{name} is loaded in {seconds} s: {places} places, {households} households, {people} people with"
            " duties, {suppliers} suppliers, {offers} offers.",
            name=world.title,
            seconds=f"{self.seconds:.1f}",
            places=len(world.places),
            households=len(world.households),
            people=len(world.people),
            suppliers=len(world.suppliers),
            offers=len(world.offers),
        )
        yield say("Everybody is invented. These links sign in without a password:")
        for one in self.logins.links:
            role = one.role.name_en if english else one.role.name
            yield say("  {role}, {where}: {link}", role=role, where=one.where, link=address + one.link)
        if not address:
            yield say("  (Put the address of your pages before them.)")
        yield say("These sign in with the password {password}:", password=self.logins.password)
        for one in self.logins.staff:
            role = one.role.name_en if english else one.role.name
            yield say("  {username}: {role}, {where}", username=one.username, role=role, where=one.where)


def load_scenario(
    name: str, *, seed: int = 7, tell: Callable[[Sentence], None] = lambda sentence: None
) -> Loaded | None:
    """Write a scenario, all of it or nothing; None where it is there already. `tell` hears what is written next.

    Raises InputError where the database holds real data: invented people never stand among real ones.
    """
    began = time.monotonic()
    with acting_as(SYSTEM) as now:
        if _is_there(name):
            return None
        world = scenarios.build(name, seed=seed)
        now = _begin_demo(now)
        context = Context(world, by=SYSTEM, at=now)
        tell(_part(1, say("compounds and households")))
        load_places(context)
        tell(_part(2, say("people and shifts")))
        load_people(context)
        tell(_part(3, say("suppliers, goods and prices")))
        load_goods(context)
        load_points(context)
        tell(_part(4, say("logins")))
        logins = give_logins(context)
        tell(_part(5, say("the day so far: orders, bags, money")))
        load_relay(context)
        record("load", "scenario", by=SYSTEM, at=now, path=EVERYWHERE, name=name, seed=seed)
    return Loaded(world, time.monotonic() - began, logins)


def _part(number: int, what: Sentence) -> Sentence:
    return say("  The demo, part {number} of {count}: {what}", number=number, count=PARTS, what=what)


def _is_there(name: str) -> bool:
    """Whether the journal says so: a scenario's last line is written in the transaction of all its rows."""
    return Entry.objects.filter(verb="load", kind="scenario", detail__name=name).exists()


def _begin_demo(now: datetime) -> datetime:
    """Return the time at which the demo's day begins; a database that is a demo already keeps its time."""
    if clock.is_demo():
        return now
    if any_place():
        raise InputError(
            say("This database holds real places; a scenario would put invented people among them."),
            remedy=say("Load it into an empty one: lastmetre serve --data ANOTHER-FOLDER --scenario NAME."),
        )
    clock.begin_demo(by=SYSTEM, offset=_until_morning(now))
    return clock.now()


def _until_morning(now: datetime) -> timedelta:
    """Return how long it is until the next morning: forward, so that nothing written before lies in the future."""
    local = now.astimezone(CHINA)
    morning = local.replace(hour=BEGINS_H, minute=0, second=0, microsecond=0)
    return (morning if morning >= local else morning + timedelta(days=1)) - local
