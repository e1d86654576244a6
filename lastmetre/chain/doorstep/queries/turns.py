"""The queue at the point: who is called, who waits, who comes next, what has not been fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from lastmetre.chain.doorstep.models import Turn, Wave
from lastmetre.chain.doorstep.rules import REOPENS, SLIP, Permission, TurnState
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.roster import RosterRow, masked_row
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import Actor

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of a round as the desk shows it."""

    called: tuple[tuple[Turn, RosterRow], ...]
    following: tuple[tuple[Turn, RosterRow], ...]
    """Who waits, the next first."""
    to_doors: tuple[tuple[Turn, RosterRow], ...]
    """Who cannot come down: their bags go up."""
    handed: tuple[tuple[Turn, RosterRow], ...]
    """Who got theirs last, the latest first."""
    missed: tuple[tuple[Turn, RosterRow], ...]
    """Who did not come a short time ago, the latest first."""
    batch: Turn | None
    """One of those called last, where that may still be taken back."""
    waiting: int
    done: int
    total: int

    @property
    def left(self) -> int:
        """Households that have not come."""
        return self.waiting + len(self.called)


def must_hand_out(row: Round, by: Actor) -> None:
    """Raise Denied for who neither plans the waves of a round nor hands out in all of its compound."""
    if not by.may(Permission.PLAN, path=row.path):
        by.must(Permission.DELIVER, path=row.path)


def pickup_of(row: Round) -> Wave | None:
    """Return the pickup of a round that has not ended."""
    return Wave.objects.filter(round=row, at_point=True, ended_at=None).first()


def turn_or_404(pk: UUID) -> Turn:
    """Return a turn that the actor sees."""
    found = Turn.objects.select_related("round__place", "place").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def turns_of(row: Round) -> QuerySet[Turn]:
    """Return the turns of a round in the order of the queue."""
    return Turn.objects.filter(round=row).select_related("place__parent__parent", "household__place")


def queue_of(row: Round, *, at: datetime) -> Queue:
    """Return the queue of a round as it is at a time; two queries."""
    turns = list(turns_of(row).order_by("queued"))
    called = [one for one in turns if one.state == TurnState.CALLED]
    waiting = _in_order(turns)
    return Queue(
        tuple((one, masked_row(one.household)) for one in called),
        tuple((one, masked_row(one.household)) for one in waiting[:MOST_SHOWN]),
        tuple((one, masked_row(one.household)) for one in turns if one.state == TurnState.TO_DOOR),
        tuple((one, masked_row(one.household)) for one in _last_handed(turns)),
        tuple((one, masked_row(one.household)) for one in _last_missed(waiting, at)),
        _last_batch(called, at),
        len(waiting),
        sum(1 for one in turns if one.state == TurnState.DONE),
        len(turns),
    )


def _last_handed(turns: Iterable[Turn]) -> list[Turn]:
    done = [(one.done_at, one) for one in turns if one.state == TurnState.DONE and one.done_at]
    return [one for _, one in sorted(done, key=lambda pair: pair[0], reverse=True)[:3]]


def _last_missed(waiting: Iterable[Turn], at: datetime) -> list[Turn]:
    found = [
        (one.missed_at, one) for one in waiting if one.state == TurnState.MISSED and one.missed_at is not None
    ]
    recent = [pair for pair in found if at - pair[0] <= SLIP]
    return [one for _, one in sorted(recent, key=lambda pair: pair[0], reverse=True)[:3]]


def _last_batch(called: Iterable[Turn], at: datetime) -> Turn | None:
    found = [(one.called_at, one) for one in called if one.called_at and at - one.called_at <= SLIP]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def last_ended(row: Round, *, at: datetime) -> Wave | None:
    """Return the pickup of a round that ended a short time ago, where none has been opened since."""
    rows = Wave.objects.filter(round=row, at_point=True).order_by("-number")
    found = rows.first()
    recent = found is not None and found.ended_at is not None and at - found.ended_at <= REOPENS
    return found if recent else None


def next_batch(row: Round, size: int) -> list[Turn]:
    """Return whom to call next: of one building, in their order; who missed a turn in any. Within SYSTEM."""
    waiting = _in_order(turns_of(row).order_by("queued"))
    if not waiting:
        return []
    first = waiting[0]
    if first.state == TurnState.MISSED:
        return waiting[:size]
    building = building_of(first.place)
    return [one for one in waiting if one.state == TurnState.WAITING and building_of(one.place) == building][
        :size
    ]


def _in_order(turns: Iterable[Turn]) -> list[Turn]:
    """Sort who waits: those who missed their turn come behind all others, in the order in which they missed it."""
    waiting = [one for one in turns if one.state in (TurnState.WAITING, TurnState.MISSED)]
    return sorted(waiting, key=lambda one: (one.state == TurnState.MISSED, one.queued))


def building_of(door: Place) -> UUID | None:
    """Return the building of a door, whether it has units or not."""
    stairs = door.parent
    if stairs is None:
        return None
    found: UUID | None = stairs.parent_id if stairs.kind == PlaceKind.UNIT else stairs.pk
    return found


def by_building(homes: Iterable[Household]) -> list[Household]:
    """Sort households building by building, then stairs by stairs, then as rooms are counted."""
    return sorted(homes, key=_place_in_queue)


def _place_in_queue(home: Household) -> tuple[str, ...]:
    chain: list[str] = []
    place: Place | None = home.place
    while place is not None and place.kind != PlaceKind.COMPOUND and len(chain) < 4:
        chain.append(place.sort_key)
        place = place.parent
    return tuple(reversed(chain))


def bags_at_point(row: Round, *, unfetched: bool = False) -> list[Parcel]:
    """Return the bags at the point; `unfetched`: but for those that go to the doors. Within SYSTEM."""
    rows = Parcel.objects.filter(
        book=row.book_id, kind=ParcelKind.BAG, ended_at=None, account__kind=AccountKind.POINT
    )
    if unfetched:
        sent = Turn.objects.filter(round=row, state=TurnState.TO_DOOR).values("household")
        rows = rows.exclude(household__in=sent)
    return list(rows.select_related("household__place", "account"))
