"""Regimes: what may be put in force, and putting a place under one, dated, announced and kept (YX2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from lastmetre.ground.journal.actions import record
from lastmetre.ground.journal.rules import common_path
from lastmetre.ground.places.actions.tree import locked
from lastmetre.ground.places.models import Place, Regime, RegimePeriod
from lastmetre.ground.places.regime_rules import BUILTIN, checked_regime
from lastmetre.ground.places.rules import Permission, Risk
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A regime in force at a place from a time on; `ends_at` None: until something else is decided."""

    place: UUID
    regime: str
    risk: Risk
    starts_at: datetime
    ends_at: datetime | None = None
    announced_at: datetime | None = None
    notice: str = ""


def install_regimes() -> None:
    """Write the regimes that every installation begins with; those that are there stay as they are."""
    Regime.objects.bulk_create([Regime(**regime) for regime in BUILTIN], ignore_conflicts=True)


@transaction.atomic
def save_regime(values: dict[str, Any], *, is_new: bool, by: Actor, at: datetime) -> Regime:
    """Add a regime of one's own, or change the rules of one; what was in force keeps its dates.

    Whoever decides somewhere may add one; to change one is for who decides in all places.
    """
    by.must(Permission.DECIDE_REGIME)
    checked = checked_regime(values)
    code = checked.pop("code")
    if not is_new:
        _must_decide_everywhere(by)
    elif Regime.objects.filter(pk=code).exists():
        raise InputError(
            say("There is already a regime “{code}”.", code=code), remedy=say("Choose another code.")
        )
    regime, _ = Regime.objects.update_or_create(code=code, defaults=checked)
    # A code is no UUID: the line names it in its detail.
    record("add" if is_new else "edit", "places.regime", by=by, at=at, path=EVERYWHERE, code=code, **checked)
    return regime


@transaction.atomic
def put_under(
    place: Place,
    new: NewPeriod,
    *,
    also_below: bool = False,
    by: Actor,
    at: datetime,
) -> RegimePeriod:
    """Put a place under a regime, now or from a later time on; the running one ends then.

    It holds until the next change that is already decided, if there is one. With `also_below` the regimes
    of places within it end as well; else these keep theirs (the nearest decides).
    """
    by.must(Permission.DECIDE_REGIME, path=place.path)
    locked([place.pk])
    starts_at = max(new.starts_at, at)
    if new.ends_at and new.ends_at <= starts_at:
        raise InputError(say("The end lies before the start."), remedy=say("Give a later end, or none."))
    regime = _regime(new.regime)
    own = RegimePeriod.objects.filter(place=place)
    if own.filter(starts_at=starts_at).exists():
        raise InputError(
            say("For this very time something is already decided."),
            remedy=say("Take it back first, or choose another time."),
        )
    own.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at), starts_at__lt=starts_at).update(
        ends_at=starts_at
    )
    period = _period(replace(new, starts_at=starts_at), place, regime, by)
    period.ends_at = _end_before_next(period)
    period.save(force_insert=True)
    freed = _end_below(place, starts_at) if also_below else 0
    detail = {"regime": regime.code, "risk": period.risk, "from": starts_at.isoformat(), "freed": freed}
    record("regime", "places.place", place.pk, by=by, at=at, path=place.path, **detail)
    return period


@transaction.atomic
def lift(place: Place, *, why: str = "", by: Actor, at: datetime) -> None:
    """End the regime that a place has of its own; what is in force above holds from now on (YX3)."""
    by.must(Permission.DECIDE_REGIME, path=place.path)
    running = RegimePeriod.objects.filter(_running(at), place=place)
    code = running.values_list("regime_id", flat=True).first()
    if code is None:
        raise InputError(
            say("{name} has no regime of its own.", name=place.name),
            remedy=say("Lift it where it was decided, or put this place under another."),
        )
    running.filter(starts_at=at).delete()  # decided and lifted in one moment: it never held
    running.update(ends_at=at)
    record("lift", "places.place", place.pk, by=by, at=at, path=place.path, why=why, regime=code)


@transaction.atomic
def take_back(period: RegimePeriod, *, by: Actor, at: datetime) -> None:
    """Take back a change that has not begun; what it would have ended goes on."""
    by.must(Permission.DECIDE_REGIME, path=period.path)
    if period.starts_at <= at:
        raise InputError(
            say("This change has begun and stays in the history."),
            remedy=say("Put the place under another regime, or lift this one."),
        )
    detail = {"regime": period.regime_id, "from": period.starts_at.isoformat()}
    record("take_back", "places.place", period.place_id, by=by, at=at, path=period.path, **detail)
    period.delete()
    before = RegimePeriod.objects.filter(place=period.place_id, ends_at=period.starts_at).first()
    if before:
        before.ends_at = _end_before_next(before)
        before.save(update_fields=["ends_at"])


@transaction.atomic
def add_history(rows: Sequence[NewPeriod], *, by: Actor, at: datetime) -> list[RegimePeriod]:
    """Write down what was decided before this product was there; raises InputError where times overlap."""
    if not rows:
        return []
    places = locked([row.place for row in rows])
    for place in places.values():
        by.must(Permission.DECIDE_REGIME, path=place.path)
    regimes = {code: _regime(code) for code in {row.regime for row in rows}}
    made = [_period(row, places[row.place], regimes[row.regime], by) for row in rows]
    try:
        with transaction.atomic():
            RegimePeriod.objects.bulk_create(made)
    except IntegrityError as error:
        raise InputError(
            say("Two regimes of one place overlap, or one ends before it starts."),
            remedy=say("Give each its own time."),
        ) from error
    path = common_path([place.path for place in places.values()])
    record("regime", "places.regimeperiod", by=by, at=at, path=path, periods=len(made))
    return made


def _must_decide_everywhere(by: Actor) -> None:
    with acting_as(SYSTEM):  # foreign roots are out of the actor's sight, and count
        roots = list(Place.objects.filter(parent__isnull=True).values_list("path", flat=True))
    for root in roots:
        by.must(Permission.DECIDE_REGIME, path=root)


def _regime(code: str) -> Regime:
    regime = Regime.objects.filter(pk=code).first()
    if regime is None:
        raise InputError(
            say("There is no regime “{code}”.", code=code),
            remedy=say("Choose one from the list, or add it."),
        )
    return regime


def _period(new: NewPeriod, place: Place, regime: Regime, by: Actor) -> RegimePeriod:
    return RegimePeriod(
        place=place,
        path=place.path,
        regime=regime,
        risk=new.risk,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        planned_end=new.ends_at,
        announced_at=new.announced_at,
        notice=new.notice.strip(),
        decided_by=by.key,
    )


def _end_before_next(period: RegimePeriod) -> datetime | None:
    """Return when a period ends: as announced, or when the next one of its place begins."""
    following = RegimePeriod.objects.filter(place=period.place_id, starts_at__gt=period.starts_at)
    start = following.order_by("starts_at").values_list("starts_at", flat=True).first()
    return min((moment for moment in (period.planned_end, start) if moment), default=None)


def _running(moment: datetime) -> Q:
    return Q(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)


def _end_below(place: Place, moment: datetime) -> int:
    """End what places within have of their own: what runs ends, what has not begun never does."""
    below = RegimePeriod.objects.filter(path__within=place.path).exclude(place=place)
    never_begun, _ = below.filter(starts_at__gte=moment).delete()
    return never_begun + below.filter(_running(moment)).update(ends_at=moment)
