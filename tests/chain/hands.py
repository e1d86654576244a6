"""Helpers who may go: people of the town who said today that they are well, trained and tested."""

from __future__ import annotations

from datetime import timedelta

from actors import person_with
from relay import Relay

from lastmetre.ground.people.models import Fitness, Person, Training
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as


def make_fit(person: Person, *, is_fit: bool = True) -> None:
    """Write down what somebody said of their health, a fresh test, and that they were trained."""
    with acting_as(SYSTEM) as now:
        Fitness(person=person, declared_at=now, is_fit=is_fit, tested_at=now - timedelta(hours=2)).save(
            force_insert=True
        )
        Training(person=person, topic="briefing", trained_on=now.date()).save(force_insert=True)


def helper(relay: Relay, *, role: str = "volunteer", name: str = "王志愿", is_fit: bool = True) -> Actor:
    """Return a volunteer of the compound who may go out, or may not."""
    person = person_with(role, place=relay.shop.town.place["开元丽城"], name=name, account=False)
    make_fit(person, is_fit=is_fit)
    return relay.staff(role, key=str(person.pk))
