"""Making the first administrator. Django is set up when this is imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lastmetre.ground.people.actions.accounts import create_administrator
from lastmetre.ground.places.actions.bulk import NewPlace, add_places
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who is to be made administrator of what."""

    place: str
    kind: str
    """Of the place, where it is not there yet."""
    name: str
    username: str
    password: str = field(repr=False)


def make(wanted: Administrator) -> Sentence:
    """Make the account, and the place where there is none of this name; raises InputError and makes neither."""
    with acting_as(SYSTEM) as now:
        place = _place(wanted, now)
        account = create_administrator(
            by=SYSTEM,
            at=now,
            place=place,
            name=wanted.name,
            username=wanted.username,
            password=wanted.password,
        )
    return say(
        "{username} is administrator of {place} and sets up the second factor at the first sign-in.",
        username=account.username,
        place=place.name,
    )


def _place(wanted: Administrator, now: datetime) -> Place:
    found = list(Place.objects.filter(name=wanted.place).exclude(kind=PlaceKind.HOUSEHOLD)[:2])
    if len(found) > 1:
        raise InputError(
            say("There are several places called {name}.", name=wanted.place),
            remedy=say("Name one above them; the administrator looks after all in it."),
        )
    return (
        found[0]
        if found
        else add_places([NewPlace(PlaceKind(wanted.kind), wanted.place, None)], by=SYSTEM, at=now)[0]
    )
