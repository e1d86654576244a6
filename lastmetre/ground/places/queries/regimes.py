"""Which regime is in force where: the nearest place that has one of its own decides (YX2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lastmetre.ground.places.models import Place, Regime, RegimePeriod
from lastmetre.ground.places.regime_rules import DEFAULT
from lastmetre.ground.places.rules import HandOver, Risk, SupplyMode
from lastmetre.ground.protection.actor import is_within

MOST_HISTORY = 100
"""Changes shown of one place; more than a response of a year brings."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The regime in force at a place, and where it was decided."""

    regime: Regime
    risk: Risk
    since: datetime | None = None
    """None where nothing was ever decided: the open regime holds."""
    until: datetime | None = None
    place: UUID | None = None
    place_name: str = ""
    """Of the place that it was decided for, perhaps one above."""
    notice: str = ""

    @property
    def state(self) -> str:
        """How a screen colours it: good, wait or act."""
        return ("good", "wait", "wait", "act")[min(self.regime.strictness, 3)]


@dataclass(frozen=True, slots=True)
class OrderingRules:
    """What a household's place allows: the facts that orders, stalls and passes obey."""

    regime: str
    supply_modes: frozenset[SupplyMode]
    request_every_days: int | None
    outing_every_days: int | None
    outing_persons: int | None
    hand_over: HandOver
    shop_capped: bool


def in_force(paths: Iterable[str], at: datetime) -> dict[str, InForce]:
    """Return the regime in force at each of many places; two queries however many."""
    wanted = list(dict.fromkeys(paths))
    running = RegimePeriod.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at, path__above_any=wanted
    )
    periods = {period.path: period for period in running.select_related("regime", "place")}
    default = InForce(Regime.objects.get(pk=DEFAULT), Risk.LOW)
    return {path: _nearest(path, periods) or default for path in wanted}


def ordering_rules(path: str, at: datetime) -> OrderingRules:
    """Return what holds for orders at one place."""
    regime = in_force([path], at)[path].regime
    return OrderingRules(
        regime.code,
        frozenset(SupplyMode(mode) for mode in regime.supply_modes if mode in list(SupplyMode)),
        regime.request_every_days,
        regime.outing_every_days,
        regime.outing_persons,
        HandOver(regime.hand_over),
        regime.shop_capped,
    )


def history(place: Place) -> list[RegimePeriod]:
    """Return what was, is and will be in force at a place or above it, the latest first."""
    periods = RegimePeriod.objects.filter(path__above=place.path).select_related("regime", "place")
    return list(periods.order_by("-starts_at")[:MOST_HISTORY])


def own_regimes_below(place: Place, at: datetime) -> list[RegimePeriod]:
    """Return what places within have of their own from a time on: a change of this place does not reach them."""
    below = RegimePeriod.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), path__within=place.path)
    return list(below.exclude(place=place).select_related("regime", "place")[:MOST_HISTORY])


def regimes() -> list[Regime]:
    """Return all regimes that a place can be put under, the mildest first."""
    return list(Regime.objects.all())


def _nearest(path: str, periods: dict[str, RegimePeriod]) -> InForce | None:
    above = [known for known in periods if is_within(path, known)]
    if not above:
        return None
    period = periods[max(above, key=len)]
    return InForce(
        period.regime,
        Risk(period.risk),
        period.starts_at,
        period.ends_at,
        period.place_id,
        period.place.name,
        period.notice,
    )
