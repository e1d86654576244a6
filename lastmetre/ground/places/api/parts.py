"""What compounds have: hands, gates, unloading points, points of service, carts, grids."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from lastmetre.ground.places.actions import compounds, grids
from lastmetre.ground.places.actions.compounds import NewCart, NewGate, NewPoint, NewUnloadingPoint
from lastmetre.ground.places.api.part_schemas import (
    CartIn,
    CompoundIn,
    GateIn,
    GridIn,
    PartsOut,
    PointIn,
    UnloadingPointIn,
)
from lastmetre.ground.places.api.schemas import Done, Ids
from lastmetre.ground.places.api.tree import find
from lastmetre.ground.places.models import Cart, Gate, Grid, Point, UnloadingPoint
from lastmetre.ground.places.queries.compounds import parts

router = Router(tags=["places"])


@router.get("/{uuid:pk}/parts", response=PartsOut)
def list_parts(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """List what a compound has."""
    found = parts(find(pk))
    return {
        "detail": _plain(found.detail) if found.detail else None,
        "gates": [_plain(row) for row in found.gates],
        "unloading_points": [_plain(row) for row in found.unloading_points],
        "points": [_plain(row) for row in found.points],
        "carts": [
            {"id": row.id, "number": row.number, "building": row.building, "unit": row.unit}
            for row in found.carts
        ],
        "grids": [_plain(row) for row in found.grids],
    }


@router.put("/{uuid:pk}/compound", response=Done)
def edit_compound(request: HttpRequest, pk: UUID, body: CompoundIn) -> dict[str, int]:
    """Say how addresses are written here and how many hands there are."""
    compounds.edit_compound(find(pk), **body.dict(), by=request.actor, at=request.now)
    return {"count": 1}


@router.post("/{uuid:pk}/gates", response=Ids)
def add_gate(request: HttpRequest, pk: UUID, body: GateIn) -> dict[str, Any]:
    """Add a gate."""
    row = NewGate(find(pk).pk, **body.dict())
    return _ids(compounds.add_gates([row], by=request.actor, at=request.now))


@router.put("/gates/{uuid:pk}", response=Done)
def edit_gate(request: HttpRequest, pk: UUID, body: GateIn) -> dict[str, int]:
    """Change a gate."""
    return _edit(request, Gate, pk, body.dict())


@router.delete("/gates/{uuid:pk}", response=Done)
def remove_gate(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Remove a gate that nothing names."""
    return _remove(request, Gate, pk)


@router.post("/{uuid:pk}/unloading-points", response=Ids)
def add_unloading_point(request: HttpRequest, pk: UUID, body: UnloadingPointIn) -> dict[str, Any]:
    """Add an unloading point."""
    row = NewUnloadingPoint(find(pk).pk, **body.dict())
    return _ids(compounds.add_unloading_points([row], by=request.actor, at=request.now))


@router.put("/unloading-points/{uuid:pk}", response=Done)
def edit_unloading_point(request: HttpRequest, pk: UUID, body: UnloadingPointIn) -> dict[str, int]:
    """Change an unloading point."""
    return _edit(request, UnloadingPoint, pk, body.dict())


@router.delete("/unloading-points/{uuid:pk}", response=Done)
def remove_unloading_point(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Remove an unloading point."""
    return _remove(request, UnloadingPoint, pk)


@router.post("/{uuid:pk}/points", response=Ids)
def add_point(request: HttpRequest, pk: UUID, body: PointIn) -> dict[str, Any]:
    """Add a point of service at a place of any kind."""
    row = NewPoint(find(pk).pk, **body.dict())
    return _ids(compounds.add_points([row], by=request.actor, at=request.now))


@router.put("/points/{uuid:pk}", response=Done)
def edit_point(request: HttpRequest, pk: UUID, body: PointIn) -> dict[str, int]:
    """Change a point of service."""
    return _edit(request, Point, pk, body.dict())


@router.delete("/points/{uuid:pk}", response=Done)
def remove_point(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Take a point of service out of use."""
    return _remove(request, Point, pk)


@router.post("/{uuid:pk}/carts", response=Ids)
def add_cart(request: HttpRequest, pk: UUID, body: CartIn) -> dict[str, Any]:
    """Add a numbered cart."""
    row = NewCart(find(pk).pk, **body.dict())
    return _ids(compounds.add_carts([row], by=request.actor, at=request.now))


@router.put("/carts/{uuid:pk}", response=Done)
def edit_cart(request: HttpRequest, pk: UUID, body: CartIn) -> dict[str, int]:
    """Change a cart."""
    return _edit(request, Cart, pk, body.dict())


@router.delete("/carts/{uuid:pk}", response=Done)
def remove_cart(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Remove a cart."""
    return _remove(request, Cart, pk)


@router.post("/{uuid:pk}/grids", response=Ids)
def add_grid(request: HttpRequest, pk: UUID, body: GridIn) -> dict[str, Any]:
    """Add a grid area of a place."""
    saved = grids.save_grid(find(pk), **body.dict(), by=request.actor, at=request.now)
    return _ids([saved])


@router.put("/grids/{uuid:pk}", response=Done)
def edit_grid(request: HttpRequest, pk: UUID, body: GridIn) -> dict[str, int]:
    """Give a grid area another name and other members."""
    grid = get_object_or_404(Grid.objects.select_related("place"), pk=pk)
    grids.save_grid(grid.place, **body.dict(), grid=grid, by=request.actor, at=request.now)
    return {"count": 1}


@router.delete("/grids/{uuid:pk}", response=Done)
def remove_grid(request: HttpRequest, pk: UUID) -> dict[str, int]:
    """Remove a grid area; its buildings stay."""
    grids.remove_grid(get_object_or_404(Grid, pk=pk), by=request.actor, at=request.now)
    return {"count": 1}


def _edit(
    request: HttpRequest, model: type[models.Model], pk: UUID, values: dict[str, Any]
) -> dict[str, int]:
    row = get_object_or_404(model, pk=pk)
    named = {f"{name}_id" if name in ("gate", "unit") else name: value for name, value in values.items()}
    compounds.edit_part(row, by=request.actor, at=request.now, **named)
    return {"count": 1}


def _remove(request: HttpRequest, model: type[models.Model], pk: UUID) -> dict[str, int]:
    compounds.remove_part(get_object_or_404(model, pk=pk), by=request.actor, at=request.now)
    return {"count": 1}


def _ids(rows: list[Any]) -> dict[str, Any]:
    return {"ids": [row.pk for row in rows]}


def _plain(row: models.Model) -> dict[str, Any]:
    """Return a row's own columns; none of these tables holds anything personal."""
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ("path", "place", "ended_at")
    }
