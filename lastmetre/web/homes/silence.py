"""Who is silent, as the first pages of stewards, carers and the hotline show it (FC6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from lastmetre.chain.orders.actions.intake import open_doubts
from lastmetre.chain.orders.intake_rules import FEW_DAYS
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.silence import Due, not_ordered, silent, silent_of
from lastmetre.chain.orders.rules import Permission
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Place
from lastmetre.terms import say
from lastmetre.web.homes.home import Figure, Way


def takes(held: Held | None) -> bool:
    """Tell whether a role takes orders for all of its place."""
    return held is not None and held.grid is None and Permission.TAKE in held.permissions


def first_figures(
    place: Place, held: Held | None, at: datetime, row: Round | None, dues: Iterable[Due]
) -> tuple[Figure, ...]:
    """Return who has not ordered, not paid, not been heard of; nothing for who takes no orders."""
    if not takes(held):
        return ()
    address = reverse("orders:silence", args=[place.pk])
    quiet, due = silent(place, FEW_DAYS, at).count(), len({one.household for one in dues})
    found = [
        Figure(
            quiet,
            say("Not heard of in {days} days", days=FEW_DAYS),
            "act" if quiet else "good",
            f"{address}?of=word",
        ),
        Figure(due, say("Have not paid"), "wait" if due else "good", f"{address}?of=pay"),
    ]
    if row is not None:
        missing = not_ordered(row, place.path).count()
        state = "wait" if missing else "good"
        found.insert(0, Figure(missing, say("Have not ordered"), state, f"{address}?of=order"))
    return tuple(found)


def ringing(figures: Collection[Figure]) -> tuple[Way, ...]:
    """Return the way to the telephone where somebody is silent: silence is not "no need"."""
    found = next((one for one in figures if one.state == "act" and one.value), None)
    if found is None:
        return ()
    detail = say("{count} households have said nothing for days.", count=found.value)
    return (
        Way(say("Ring them"), "phone-call", found.address, detail=detail, state="act", words=say("To ring")),
    )


def intake_ways(held: Held | None, row: Round | None) -> tuple[Way, ...]:
    """Return the ways to take orders in, and how many doubts wait."""
    if row is None or not takes(held):
        return ()
    doubts = open_doubts(row)
    ways = [
        Way(
            say("Orders to take in"),
            "clipboard-list",
            reverse("orders:intake", args=[row.pk]),
            detail=row.title,
        )
    ]
    if doubts:
        address = reverse("orders:review", args=[row.pk])
        ways.insert(0, Way(say("Doubts about orders"), "list-check", address, state="act", words=str(doubts)))
    return tuple(ways)


def to_ring(doors: Collection[UUID], at: datetime) -> set[UUID]:
    """Return which households of some doors must be rung (FC6: a call at least every 3 days)."""
    return silent_of(doors, FEW_DAYS, at)
