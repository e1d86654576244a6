"""A vehicle with the three bags of the round, and what people at the gate do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from relay import Relay

from lastmetre.chain.gate.actions.counting import Scanned, count
from lastmetre.chain.gate.actions.receiving import receive
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.transport.actions.loads import dispatch, leave
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

HOUR = timedelta(hours=1)


def on_its_way(relay: Relay, *rooms: str, plate: str = "豫A12345") -> Load:
    """A vehicle that has left with the bags of some rooms, or all."""
    if not relay.bag:
        relay.packed()
    parcels = [relay.bag[room].pk for room in rooms] or None
    with acting_as(SYSTEM) as now:
        load = dispatch(
            relay.round,
            vehicle=Vehicle(plate),
            expected_at=now + HOUR,
            parcels=parcels,
            by=SYSTEM,
            at=now,
        )
        return leave(load, by=SYSTEM, at=now)


def taken_in(relay: Relay, by: Actor, load: Load | None = None, **given: Any) -> Arrival:
    """The vehicle at the gate, in somebody's hands."""
    load = load or on_its_way(relay)
    with acting_as(by) as now:
        return receive(relay.round, load=load, by=by, at=now, **given)


def scans(relay: Relay, arrival: Arrival, what: str, *, by: Actor, id: Any = None) -> Scanned:
    """Scan the bag of a room, or a code."""
    code = relay.bag[what].code if what in relay.bag else what
    with acting_as(by) as now:
        return count(arrival, code, id=id or new_id(), by=by, at=now)


def goods_in(relay: Relay, kind: AccountKind) -> int:
    """Thousandths of units in accounts of a kind."""
    with acting_as(SYSTEM):
        return sum(one.amount for one in balances(relay.round.book, kind) if one.product)


def bag_of(relay: Relay, room: str) -> Parcel:
    """The bag of a room as it is now."""
    with acting_as(SYSTEM):
        return Parcel.objects.select_related("account").get(pk=relay.bag[room].pk)


def open_cases() -> list[str]:
    """Kinds of all open cases."""
    with acting_as(SYSTEM):
        return sorted(Case.objects.filter(settled_at=None).values_list("kind", flat=True))
