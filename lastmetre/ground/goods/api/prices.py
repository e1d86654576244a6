"""Caps, benchmarks, what is dear or runs out, reserves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from lastmetre.ground.goods.actions import prices as actions
from lastmetre.ground.goods.actions.reserves import remove_reserve, save_reserves
from lastmetre.ground.goods.api.answers import AskOut, CapOut, CoverOut, ReserveOut
from lastmetre.ground.goods.api.asked import BenchmarkIn, CapIn, ReserveIn
from lastmetre.ground.goods.api.products import path_of
from lastmetre.ground.goods.drafts import NewBenchmark, NewCap, NewReserve
from lastmetre.ground.goods.queries.found import cap_or_404, place_or_404, reserve_or_404
from lastmetre.ground.goods.queries.gaps import caps_shown, cover, overpriced, reserves_shown
from lastmetre.ground.places.queries.tree import counts_of

router = Router()
MOST = 500


@router.get("/caps", response=list[CapOut])
def list_caps(request: HttpRequest, place: UUID | None = None) -> Any:
    """The caps in force at, above or below a place."""
    return [CapOut.of(row) for row in caps_shown(path_of(request, place), request.now)]


@router.post("/caps", response={201: CapOut})
def add_cap(request: HttpRequest, payload: CapIn) -> Any:
    """Put a cap in force from now on."""
    place_or_404(payload.place)
    row = NewCap(starts_at=request.now, **payload.dict())
    (cap,) = actions.add_caps([row], by=request.actor, at=request.now)
    return Status(201, CapOut.of(cap))


@router.delete("/caps/{pk}", response={204: None})
def end_cap(request: HttpRequest, pk: UUID) -> Any:
    """Lift a cap."""
    actions.end_cap(cap_or_404(pk), by=request.actor, at=request.now)
    return Status(204, None)


@router.post("/benchmarks", response={204: None})
def add_benchmark(request: HttpRequest, payload: BenchmarkIn) -> Any:
    """Write a price to stay below; the latest counts."""
    row = NewBenchmark(seen_at=request.now, **payload.dict())
    actions.add_benchmarks([row], by=request.actor, at=request.now)
    return Status(204, None)


@router.get("/prices/dear", response=list[AskOut])
def list_dear(request: HttpRequest, place: UUID | None = None) -> Any:
    """Offers with something to be said of their price, refused ones first; at most 500."""
    return [AskOut.of(ask) for ask in overpriced(path_of(request, place), request.now)[:MOST]]


@router.get("/cover", response=list[CoverOut])
def list_cover(request: HttpRequest, place: UUID | None = None) -> Any:
    """Stock of the watched categories at a place, and how many days it lasts its people."""
    found = place_or_404(place) if place else None
    path = found.path if found else path_of(request, None)
    rows = cover(path, request.now, people=counts_of(found).most_people if found else None)
    return [
        {"category": row.category.code, "offers": row.offers, "stock_g": row.stock_g, "days": row.days}
        for row in rows
    ]


@router.get("/reserves", response=list[ReserveOut])
def list_reserves(request: HttpRequest) -> Any:
    """The reserves that the caller sees."""
    return [ReserveOut.of(row) for row in reserves_shown()]


@router.put("/reserves", response={204: None})
def state_reserve(request: HttpRequest, payload: ReserveIn) -> Any:
    """State a reserve; what was stated before of the same goods and holder is changed."""
    place_or_404(payload.place)
    save_reserves([NewReserve(**payload.dict())], by=request.actor, at=request.now)
    return Status(204, None)


@router.delete("/reserves/{pk}", response={204: None})
def drop_reserve(request: HttpRequest, pk: UUID) -> Any:
    """Say that a reserve is no more."""
    remove_reserve(reserve_or_404(pk), by=request.actor, at=request.now)
    return Status(204, None)
