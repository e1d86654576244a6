"""Regimes, what is in force, and its changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from lastmetre.ground.places.actions import regimes as actions
from lastmetre.ground.places.actions.regimes import NewPeriod
from lastmetre.ground.places.api.regime_schemas import NewRegimeIn, PeriodIn, PeriodOut, RegimeIn
from lastmetre.ground.places.api.schemas import Done, Ids, InForceOut, RegimeOut, Why
from lastmetre.ground.places.api.tree import find
from lastmetre.ground.places.models import Regime, RegimePeriod
from lastmetre.ground.places.queries import regimes as queries
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, Page, page_of

router = Router(tags=["regimes"])


@router.get("/regimes", response=list[RegimeOut])
def list_regimes(request: HttpRequest) -> list[Regime]:
    """List the regimes that a place can be put under, the mildest first."""
    return queries.regimes()


@router.post("/regimes", response=RegimeOut)
def add_regime(request: HttpRequest, body: NewRegimeIn) -> Regime:
    """Add a regime of one's own."""
    return actions.save_regime(body.dict(), is_new=True, by=request.actor, at=request.now)


@router.put("/regimes/{slug:code}", response=RegimeOut)
def edit_regime(request: HttpRequest, code: str, body: RegimeIn) -> Regime:
    """Change the rules of a regime; for who decides in all places."""
    get_object_or_404(Regime, pk=code)
    values = body.dict() | {"code": code}
    return actions.save_regime(values, is_new=False, by=request.actor, at=request.now)


@router.get("/{uuid:pk}/regime", response=InForceOut)
def show_in_force(request: HttpRequest, pk: UUID) -> queries.InForce:
    """Show what is in force at a place, and where it was decided."""
    path = find(pk).path
    return queries.in_force([path], request.now)[path]


@router.get("/{uuid:pk}/periods", response=Listing[PeriodOut])
def list_history(
    request: HttpRequest, pk: UUID, cursor: Cursor = "", limit: Limit = 50
) -> Page[dict[str, Any]]:
    """List what was, is and will be in force at a place or above it, the latest first."""
    rows = RegimePeriod.objects.filter(path__above=find(pk).path).select_related("place")
    page = page_of(rows, by="-starts_at", cursor=cursor, size=limit)
    return Page([_period(one) for one in page.rows], page.next)


@router.post("/{uuid:pk}/periods", response=Ids)
def put_under(request: HttpRequest, pk: UUID, body: PeriodIn) -> dict[str, Any]:
    """Put a place under a regime, now or later; the running one ends then."""
    place = find(pk)
    new = NewPeriod(
        place.pk,
        body.regime,
        body.risk,
        body.starts_at or request.now,
        body.ends_at,
        announced_at=request.now if body.notice.strip() else None,
        notice=body.notice,
    )
    period = actions.put_under(place, new, also_below=body.also_below, by=request.actor, at=request.now)
    return {"ids": [period.pk]}


@router.post("/{uuid:pk}/regime/lift", response=Done)
def lift(request: HttpRequest, pk: UUID, body: Why) -> dict[str, int]:
    """End the regime that a place has of its own."""
    actions.lift(find(pk), why=body.why, by=request.actor, at=request.now)
    return {"count": 1}


@router.delete("/periods/{uuid:pk}", response=Done)
def take_back(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Take back a change that has not begun."""
    actions.take_back(get_object_or_404(RegimePeriod, pk=pk), by=request.actor, at=request.now)
    return {"count": 1}


def _period(one: RegimePeriod) -> dict[str, Any]:
    return {
        "id": one.pk,
        "place": one.place_id,
        "place_name": one.place.name,
        "regime": one.regime_id,
        **{name: getattr(one, name) for name in ("risk", "starts_at", "ends_at", "announced_at", "notice")},
    }
