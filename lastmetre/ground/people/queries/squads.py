"""Squads and shifts as boards show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from lastmetre.ground.people.models import Shift, ShiftDuty, Squad, SquadMember
from lastmetre.ground.people.queries.duty import readiness_of
from lastmetre.ground.people.queries.names import place_name
from lastmetre.ground.people.rules import SquadKind, unfit_because
from lastmetre.ground.places.models import Place
from lastmetre.papers.masking import masked_name
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A wave: how many hands it wants and has."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    wanted: int
    taken: int
    started: int

    @property
    def missing(self) -> int:
        """Hands that are still wanted."""
        return max(0, self.wanted - self.taken)


@dataclass(frozen=True, slots=True)
class SquadRow:
    """A squad with its next shifts."""

    id: UUID
    kind: SquadKind
    name: str
    duty: str
    place: str
    members: int
    leader: str
    """Masked; '' where it has none."""
    shifts: tuple[ShiftRow, ...]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a squad, and why they may not work today, if so."""

    member: UUID
    person: UUID
    name: str
    is_leader: bool
    unfit: Sentence | None


@dataclass(frozen=True, slots=True)
class DutyOfShift:
    """Somebody on a shift, and why they may not begin, if so."""

    duty: UUID
    person: UUID
    name: str
    is_started: bool
    unfit: Sentence | None


def squads_at(place: Place, *, at: datetime) -> list[SquadRow]:
    """Return the squads of a place and below with their next shifts; three queries for any number."""
    leaders = SquadMember.objects.filter(left_at=None, is_leader=True).select_related("person")
    squads = (
        Squad.objects.filter(path__within=place.path, ended_at=None)
        .select_related("place")
        .annotate(size=Count("members", filter=Q(members__left_at=None)))
        .prefetch_related(Prefetch("members", leaders, to_attr="leaders"))
        .order_by("place__sort_key", "name")
    )
    shifts: dict[UUID, list[ShiftRow]] = defaultdict(list)
    for squad, row in _shifts(Q(squad__path__within=place.path), at):
        shifts[squad].append(row)
    return [
        SquadRow(
            squad.pk,
            SquadKind(squad.kind),
            squad.name,
            squad.duty,
            place_name(squad.place),
            squad.size,
            masked_name(squad.leaders[0].person.name or "") if squad.leaders else "",
            tuple(shifts[squad.pk][:3]),
        )
        for squad in squads
    ]


def shifts_of(squad: UUID, *, at: datetime) -> list[ShiftRow]:
    """Return the running and coming shifts of a squad; one query."""
    return [row for _, row in _shifts(Q(squad=squad), at)]


def members_of(squad: UUID, *, at: datetime, test_hours: int) -> list[MemberRow]:
    """Return the members of a squad, its leader first, with what keeps them from working; four queries."""
    members = list(
        SquadMember.objects.filter(squad=squad, left_at=None)
        .select_related("person")
        .order_by("-is_leader", "joined_at", "pk")
    )
    known = readiness_of([one.person_id for one in members])
    return [
        MemberRow(
            one.pk,
            one.person_id,
            masked_name(one.person.name or ""),
            one.is_leader,
            unfit_because(known[one.person_id], at=at, test_hours=test_hours),
        )
        for one in members
    ]


def duties_of(shift: UUID, *, at: datetime, test_hours: int) -> list[DutyOfShift]:
    """Return who is on a shift, with what keeps them from beginning; four queries."""
    duties = list(
        ShiftDuty.objects.filter(shift=shift, given_up_at=None)
        .select_related("person")
        .order_by("taken_at", "pk")
    )
    known = readiness_of([one.person_id for one in duties])
    return [
        DutyOfShift(
            one.pk,
            one.person_id,
            masked_name(one.person.name or ""),
            one.started_at is not None,
            unfit_because(known[one.person_id], at=at, test_hours=test_hours),
        )
        for one in duties
    ]


def _shifts(which: Q, at: datetime) -> list[tuple[UUID, ShiftRow]]:
    on = Q(duties__given_up_at=None)
    rows = (
        Shift.objects.filter(which, ends_at__gt=at, cancelled_at=None)
        .annotate(
            taken=Count("duties", filter=on),
            begun=Count("duties", filter=on & Q(duties__started_at__isnull=False)),
        )
        .order_by("starts_at", "pk")
    )
    return [
        (row.squad_id, ShiftRow(row.pk, row.starts_at, row.ends_at, row.wanted, row.taken, row.begun))
        for row in rows
    ]
