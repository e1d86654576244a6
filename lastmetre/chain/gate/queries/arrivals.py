"""What is expected at a gate, what stands there, who has it, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case as Which
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404

from lastmetre.chain.gate.models import Arrival, Counted
from lastmetre.chain.gate.rules import STAGE_COLOURS, STAGE_WORDS, Permission, Stage, may_wait, stage_of
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import LoadState
from lastmetre.ground.people.queries.names import names_of
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import Sentence

OVER = (RoundState.CLOSED, RoundState.CANCELLED)
COMES = (LoadState.ANNOUNCED, LoadState.UNDERWAY, LoadState.ARRIVED)
_BAG = Q(kind=ParcelKind.BAG, ended_at__isnull=True)
_AT_GATE = Q(parcel__account__kind=AccountKind.GATE, parcel__ended_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that comes to a gate or stands there."""

    round: Round
    load: Load | None
    arrival: Arrival | None
    waiting: int
    """Bags that have not been counted: in the vehicle still, or nowhere."""
    counted: int
    at_gate: int
    """Counted bags that have not been put on a cart."""
    holder: str
    """Masked name of who has it; '' where nobody has."""

    @property
    def total(self) -> int:
        """Bags that must come."""
        return self.waiting + self.counted

    @property
    def stage(self) -> Stage:
        """Return how far it is."""
        return stage_of(
            has_come=self.load is None or self.load.state == LoadState.ARRIVED,
            is_held=self.arrival is not None,
            is_finished=self.arrival is not None and self.arrival.finished_at is not None,
            waiting=self.waiting,
        )

    @property
    def words(self) -> Sentence:
        """Return the stage in words."""
        return STAGE_WORDS[self.stage]

    @property
    def colour(self) -> str:
        """Return the stage as pages show it."""
        return STAGE_COLOURS[self.stage]

    @property
    def since(self) -> datetime | None:
        """Return since when somebody has it, or since when it stands there without anybody."""
        if self.arrival is not None:
            return self.arrival.held_since
        return self.load.arrived_at if self.load else None

    @property
    def plate(self) -> str:
        """Return the vehicle's plate; '' where none was announced."""
        return self.load.plate if self.load else ""


def check_may_watch(actor: Actor, path: str) -> None:
    """Raise Denied for who neither receives nor watches at a place."""
    if not actor.may(Permission.RECEIVE, path=path):
        actor.must(Permission.WATCH, path=path)


def arrival_or_404(pk: UUID, actor: Actor) -> Arrival:
    """Return an arrival with its round; raises Http404 where the actor sees none, Denied where they may not look."""
    rows = Arrival.objects.select_related("round__book__place", "round__place", "load", "place")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    check_may_watch(actor, found.path)
    return found


def standing_at(path: str | None = None) -> list[Standing]:
    """Return what stands at the gates of a place, or of all that the actor sees, and what is expected there.

    The most urgent comes first; three queries at most.
    First what nobody has taken in, then what is being counted or waits for a cart, then what is to come.
    """
    where = Q() if path is None else Q(path__within=path)
    loads = Load.objects.filter(where, state__in=COMES, arrival__isnull=True)
    arrivals = Arrival.objects.filter(where)
    return _standings(loads, _open(arrivals).filter(Q(finished_at__isnull=True) | Q(at_gate__gt=0)))


def standing_of_round(row: Round) -> list[Standing]:
    """Return all that came or comes for a round, finished or not."""
    loads = Load.objects.filter(round=row, state__in=COMES, arrival__isnull=True)
    return _standings(loads, _open(Arrival.objects.filter(round=row)))


def standing_of(arrival: Arrival) -> Standing:
    """Return how far one arrival is."""
    return _standings(Load.objects.none(), _open(Arrival.objects.filter(pk=arrival.pk)))[0]


def _open(rows: QuerySet[Arrival]) -> QuerySet[Arrival]:
    # Counted beside: joined, every bag would carry the whole of its arrival along.
    counted = Counted.objects.filter(arrival=OuterRef("pk")).order_by().values("arrival")
    return (
        rows.exclude(round__state__in=OVER)
        .select_related("round__place", "round__book", "load", "place")
        .annotate(
            bags=_count(counted),
            at_gate=_count(counted.filter(_AT_GATE)),
            to_come=Which(
                When(load__isnull=False, then=_bags(AccountKind.VEHICLE, account__owner=OuterRef("load"))),
                When(
                    finished_at__isnull=True,
                    then=_bags(AccountKind.PACKED, book=OuterRef("round__book")),
                ),
                default=0,
            ),
        )
    )


def _bags(kind: AccountKind, **of: OuterRef) -> Coalesce:
    """Return how many bags stand at accounts of a kind, as a part of another query."""
    return _count(Parcel.objects.filter(_BAG, account__kind=kind, **of).order_by().values("kind"))


def _count(grouped: QuerySet[Any, dict[str, Any]]) -> Coalesce:
    return Coalesce(Subquery(grouped.annotate(count=Count("pk")).values("count")), 0)


def _standings(loads: QuerySet[Load], arrivals: QuerySet[Arrival]) -> list[Standing]:
    coming = (
        loads.exclude(round__state__in=OVER)
        .select_related("round__place", "round__book")
        .annotate(to_come=_bags(AccountKind.VEHICLE, account__owner=OuterRef("pk")))
    )
    names = names_of(one.holder for one in arrivals)
    found = [Standing(one.round, one, None, one.to_come, 0, 0, "") for one in coming]
    found += [
        Standing(
            one.round,
            one.load,
            one,
            one.to_come,
            one.bags,
            one.at_gate,
            names.get(one.holder, ""),
        )
        for one in arrivals
    ]
    return sorted(found, key=_urgency)


def _urgency(one: Standing) -> tuple[int, datetime]:
    order = (Stage.WAITING, Stage.ARRIVED, Stage.COUNTED, Stage.FINISHED, Stage.EXPECTED)
    when = one.since or (one.load.expected_at if one.load else one.round.wave_at)
    return order.index(one.stage), when


def not_counted(arrival: Arrival) -> QuerySet[Parcel]:
    """Return the bags of an arrival that were not counted, by number.

    Of a vehicle that was not announced: all that stand packed and are in no announced one, while it is counted.
    """
    rows = Parcel.objects.filter(_BAG, _to_come_with(arrival))
    return rows.select_related("place__parent__parent", "household").order_by("number")


def _to_come_with(arrival: Arrival) -> Q:
    if arrival.load_id is not None:
        return Q(account__kind=AccountKind.VEHICLE, account__owner=arrival.load_id)
    if arrival.finished_at is not None:
        return Q(pk__in=[])
    return Q(account__kind=AccountKind.PACKED, book=arrival.round.book_id)


def bag_at(arrival: Arrival, bag: UUID) -> Parcel | None:
    """Return a bag of an arrival's round with what is in it, as the actor sees it."""
    rows = Parcel.objects.filter(pk=bag, book=arrival.round.book_id, kind=ParcelKind.BAG)
    return rows.select_related("account", "household").prefetch_related("items__product").first()


def arrival_of_case(case: Case) -> Arrival | None:
    """Return the arrival with which a missing bag came or should have come; None where none is known."""
    rows = Arrival.objects.filter(round__book=case.book_id).select_related("load", "round")
    found = rows.filter(counted__parcel=case.parcel_id).first()
    aboard = rows.filter(load=case.parcel.account.owner) if case.parcel else rows.none()
    return found or aboard.first() or rows.filter(load=None).first()


def boxes_aboard(arrival: Arrival) -> list[Parcel]:
    """Return the boxes of an arrival's vehicle that were not counted."""
    rows = Parcel.objects.filter(_to_come_with(arrival), kind=ParcelKind.BOX, ended_at__isnull=True)
    return list(rows)


def last_counted(arrival: Arrival, *, most: int = 12) -> list[Counted]:
    """Return the bags that were counted last."""
    rows = arrival.counted.select_related("parcel__account", "place__parent__parent")
    return list(rows[:most])


@dataclass(frozen=True, slots=True)
class Tap:
    """What was counted last by one tap: a scan, a box, or all by hand."""

    parcel: UUID
    """One of its bags."""
    at: datetime
    bags: int
    """Those that stand at the gate still."""


def last_tap(arrival: Arrival) -> Tap | None:
    """Return what was counted last and stands at the gate; two queries."""
    rows = Counted.objects.filter(
        arrival=arrival, parcel__account__kind=AccountKind.GATE, parcel__ended_at__isnull=True
    )
    last = rows.first()
    return Tap(last.parcel_id, last.at, rows.filter(at=last.at, by=last.by).count()) if last else None


def cases_of(arrival: Arrival) -> list[Case]:
    """Return the open cases of missing and damaged bags and of fresh goods of an arrival's round."""
    kinds = (CaseKind.MISSING, CaseKind.DAMAGED, CaseKind.WAITING)
    rows = Case.objects.filter(book=arrival.round.book_id, kind__in=kinds, settled_at__isnull=True)
    return list(rows.select_related("parcel", "household__place__parent__parent"))


@dataclass(frozen=True, slots=True)
class Fresh:
    """A bag at the gate with goods that may not wait."""

    parcel: UUID
    due_at: datetime


def fresh_at_gate(arrival: Arrival, *, bags: Sequence[UUID] | None = None) -> list[Fresh]:
    """Return the counted bags of an arrival, or those of them named, with fresh goods and on no cart.

    The next due comes first.
    """
    rows = Counted.objects.filter(arrival=arrival)
    if bags is not None:
        rows = rows.filter(parcel__in=bags)
    rows = rows.filter(
        parcel__account__kind=AccountKind.GATE,
        parcel__ended_at__isnull=True,
        parcel__items__amount__gt=0,
    )
    kept = ("parcel__items__product__temperature", "parcel__items__product__keeps_days")
    due: dict[UUID, datetime] = {}
    for parcel, at, temperature, keeps_days in rows.values_list("parcel", "at", *kept):
        wait: timedelta | None = may_wait(temperature, keeps_days)
        if wait is not None:
            due[parcel] = min(due.get(parcel, at + wait), at + wait)
    return sorted((Fresh(parcel, when) for parcel, when in due.items()), key=lambda one: one.due_at)


def alarms_at(path: str) -> list[Case]:
    """Return the open alarms of fresh goods that wait at the gates of a place; one query."""
    rows = Case.objects.filter(kind=CaseKind.WAITING, settled_at__isnull=True, path__within=path)
    return list(rows.select_related("book__round", "place"))
