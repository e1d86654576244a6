"""A bag that turns up where it does not belong: whoever it belongs to is told where it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext

from lastmetre.chain.gate.queries.labels import ForeignLabel
from lastmetre.chain.ledger.actions.cases import open_case, reopen_case
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.rules import CaseKind
from lastmetre.ground.people.queries.names import names_of
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import say


def tell_owner(found: ForeignLabel, *, at_place: Place, by: Actor, at: datetime) -> Case:
    """Open the case of a bag that was scanned in another compound or round, for the liaison it belongs to.

    Once a bag, however often it is scanned; again where it was settled and turns up anew. The caller has checked
    that `by` may scan at `at_place`.
    """
    with acting_as(SYSTEM):
        words = say(
            "It stands at {place}: scanned there by {name}, {time}.",
            place=at_place.name,
            name=names_of([by.key]).get(by.key) or say("Somebody"),
            time=f"{at.astimezone():%m-%d %H:%M}",
        )
        case = open_case(
            book=found.parcel.book,
            kind=CaseKind.ASTRAY,
            parcel=found.parcel,
            words=words.text(gettext),
            id=astray_case(found.parcel.pk),
            by=by,
            at=at,
        )
        reopen_case(case, by=by, at=at)
    return case


def astray_case(bag: UUID) -> UUID:
    """Return the id of the case of a bag that turned up where it does not belong."""
    return uuid5(bag, "astray")
