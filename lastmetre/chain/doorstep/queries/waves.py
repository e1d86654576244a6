"""The waves of a round as the liaison sees them: who has which cart, and how far each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from lastmetre.chain.doorstep.models import Drop, Duty, Wave
from lastmetre.chain.doorstep.queries.carts import waiting_bags
from lastmetre.chain.doorstep.queries.doors import is_from_before, outcomes_of
from lastmetre.chain.doorstep.queries.hands import names_of
from lastmetre.chain.doorstep.rules import FAILED, Outcome, Progress, progress_of
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.sorting.models import CartRun
from lastmetre.chain.sorting.queries.carts import stairs_of
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A cart of a wave."""

    duty: Duty
    stairs: tuple[Sentence, ...]
    person: str
    """Masked name; '' while nobody has it."""
    doors: int
    done: int
    failed: int
    """Doors where it could not be handed over: a person decides."""
    run: CartRun | None

    @property
    def progress(self) -> Progress:
        """How far the cart is, for colour and word."""
        state = self.run.state if self.run else None
        return progress_of(self.duty.person, state, self.doors, self.done, self.failed)


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave with its carts."""

    wave: Wave
    duties: tuple[DutyRow, ...]
    is_over: bool

    @property
    def doors(self) -> int:
        """All doors of the wave."""
        return sum(one.doors for one in self.duties)

    @property
    def done(self) -> int:
        """Doors that have their bags."""
        return sum(one.done for one in self.duties)

    @property
    def figure(self) -> str:
        """Doors done of all, as pages show it."""
        return f"{self.done}/{self.doors}"

    @property
    def failed(self) -> int:
        """Doors where it could not be handed over."""
        return sum(one.failed for one in self.duties)

    @property
    def free(self) -> int:
        """Carts that nobody has."""
        return sum(1 for one in self.duties if not one.duty.person)


def wave_or_404(pk: UUID) -> Wave:
    """Return a wave that the actor sees, with its round."""
    found = Wave.objects.select_related("round__place", "round__book").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def duty_or_404(pk: UUID) -> Duty:
    """Return a cart of a wave that the actor sees."""
    found = _duties().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _duties() -> QuerySet[Duty]:
    return Duty.objects.select_related("wave__round__place", "unit__parent")


def waves_of(row: Round, *, at: datetime) -> list[WaveRow]:
    """Return the waves of a round that carry to doors, the latest first; seven queries for any number."""
    waves = list(row.waves.filter(at_point=False).order_by("-number"))
    duties = list(_duties().filter(wave__in=waves).order_by("cart"))
    rows = _rows(row, duties)
    return [
        WaveRow(
            one,
            tuple(rows[duty.pk] for duty in duties if duty.wave_id == one.pk),
            one.ended_at is not None or one.ends_at <= at,
        )
        for one in waves
    ]


GOING = (RoundState.ORDERED, RoundState.PACKED, RoundState.UNDERWAY, RoundState.ARRIVED)
"""Rounds whose bags are to go to the doors, and have not come so far."""


def coming() -> list[Round]:
    """Return the rounds that the actor sees whose bags go to the doors next, the first first; one query."""
    return list(Round.objects.filter(state__in=GOING).order_by("wave_at", "pk")[:5])


def free_duties(path: str, *, at: datetime) -> list[DutyRow]:
    """Return the carts of running waves around a place that nobody has."""
    keys = free_carts(path, at=at)
    rows = duties_in(keys)
    return [rows[one] for one in keys]


def free_carts(path: str, *, at: datetime) -> list[UUID]:
    """Return the ids of the carts of running waves around a place that nobody has; one query."""
    found = Duty.objects.filter(person="", wave__ended_at=None, wave__ends_at__gt=at)
    found = found.order_by("wave__starts_at", "cart")
    return [pk for pk, where in found.values_list("pk", "path") if _touches(where, path)]


def _touches(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _rows(row: Round, duties: Sequence[Duty]) -> dict[UUID, DutyRow]:
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    drops = Drop.objects.filter(duty__in=duties).values_list("duty", "parcel__household")
    for duty, home in drops:
        homes[duty].add(home)
    # Whoever sees a cart sees how far it is, not which door it is.
    with acting_as(SYSTEM):
        said = outcomes_of(row, list(set().union(*homes.values())))
    runs = {one.number: one for one in CartRun.objects.filter(round=row).select_related("unit__parent")}
    names = names_of([one.person for one in duties if one.person])
    shown = {}
    for one in duties:
        events = [said[home] for home in homes[one.pk] if home in said]
        outcomes = [event.outcome for event in events if not is_from_before(event, one)]
        shown[one.pk] = DutyRow(
            duty=one,
            stairs=stairs_of(runs[one.cart]) if one.cart in runs else stairs_of(one),
            person=names.get(one.person, "—") if one.person else "",
            doors=len(homes[one.pk]),
            done=sum(1 for outcome in outcomes if outcome == Outcome.DELIVERED),
            failed=sum(1 for outcome in outcomes if outcome in FAILED),
            run=runs.get(one.cart),
        )
    return shown


def waiting_to_go(row: Round, *, at_point: bool = True) -> int:
    """Count the bags that could go out in a new wave, with those at the point that go to doors, or without."""
    with acting_as(SYSTEM):
        return waiting_bags(row, at_point=at_point).count()


def duties_in(keys: Sequence[UUID]) -> dict[UUID, DutyRow]:
    """Return some carts with how far each is; whoever has one may not see the compound that it is counted in."""
    shown: dict[UUID, DutyRow] = {}
    by_round: dict[UUID, list[Duty]] = defaultdict(list)
    with acting_as(SYSTEM):
        for one in _duties().filter(pk__in=keys):
            by_round[one.wave.round_id].append(one)
        for mine in by_round.values():
            shown |= _rows(mine[0].wave.round, mine)
    return shown
