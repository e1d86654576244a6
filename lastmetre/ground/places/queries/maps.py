"""The parts of a place as shapes: on the globe where positions are known, else as a scheme in metres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any
from uuid import UUID

from lastmetre.ground.places.models import Gate, Place, Point, UnloadingPoint
from lastmetre.ground.places.queries.tree import Branch
from lastmetre.ground.places.rules import POINT_NAMES, PointKind, spoken
from lastmetre.terms import Sentence, Translate, say

_STEP_M = 60
"""Distance of two buildings in a scheme."""
_HALF_M = 20
_EDGE = say("Edge")


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing on the map."""

    name: Sentence
    what: Sentence
    state: str
    geometry: dict[str, Any]
    place: UUID | None = None
    """The place that a tap leads to."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes of a place; `is_scheme`: laid out in rows, for nobody told where they are."""

    shapes: tuple[Shape, ...]
    is_scheme: bool

    def geojson(self, address: Callable[[UUID], str], translate: Translate) -> dict[str, Any]:
        """Return the drawing as GeoJSON; `schematic` tells that it is in metres, not degrees."""
        features = [
            {
                "type": "Feature",
                "geometry": shape.geometry,
                "properties": {
                    "name": shape.name.text(translate),
                    "state": shape.state,
                    "label": shape.place is not None,
                    **({"href": address(shape.place)} if shape.place else {}),
                },
            }
            for shape in self.shapes
        ]
        return {"type": "FeatureCollection", "schematic": self.is_scheme, "features": features}


def drawing(place: Place, branches: Sequence[Branch]) -> Drawing:
    """Return what to draw of a place whose children are these; three queries."""
    located = [branch for branch in branches if branch.outline or branch.longitude is not None]
    own = [_outline(spoken(place.kind, place.name), place.outline, "idle", None)] if place.outline else []
    points = _points(place)
    if not located and not own and (branches or not points):
        return Drawing(tuple(_scheme(branches)), is_scheme=True)
    return Drawing((*own, *map(_located, located), *points), is_scheme=False)


def _located(branch: Branch) -> Shape:
    if branch.outline:
        return _outline(
            spoken(branch.kind, branch.name),
            branch.outline,
            branch.in_force.state,
            branch.id,
            branch.kind_name,
        )
    spot = {"type": "Point", "coordinates": [branch.longitude, branch.latitude]}
    return Shape(spoken(branch.kind, branch.name), branch.kind_name, branch.in_force.state, spot, branch.id)


def _outline(
    name: Sentence,
    corners: Sequence[Sequence[float]],
    state: str,
    place: UUID | None,
    what: Sentence = _EDGE,
) -> Shape:
    ring = [list(corner) for corner in (*corners, corners[0])]
    return Shape(name, what, state, {"type": "Polygon", "coordinates": [ring]}, place)


def _scheme(branches: Sequence[Branch]) -> list[Shape]:
    """Lay places out in rows, as they are counted: nobody has told where they stand."""
    across = max(1, ceil(sqrt(len(branches))))
    shapes = []
    for number, branch in enumerate(branches):
        x, y = number % across * _STEP_M, -(number // across) * _STEP_M
        corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        ring = [[x + dx * _HALF_M, y + dy * _HALF_M] for dx, dy in corners]
        shapes.append(
            _outline(
                spoken(branch.kind, branch.name), ring, branch.in_force.state, branch.id, branch.kind_name
            )
        )
    return shapes


def _points(place: Place) -> list[Shape]:
    """Return gates, unloading points and points of service that have a position."""
    gates = [(row, say("Gate"), "now") for row in Gate.objects.filter(place=place)]
    unloading = [(row, say("Unloading point"), "wait") for row in UnloadingPoint.objects.filter(place=place)]
    services = [
        (row, POINT_NAMES[PointKind(row.kind)], "now")
        for row in Point.objects.filter(place=place, ended_at__isnull=True)
    ]
    return [
        Shape(
            say("{name}", name=row.name),
            what,
            state,
            {"type": "Point", "coordinates": [row.longitude, row.latitude]},
        )
        for row, what, state in (*gates, *unloading, *services)
        if row.longitude is not None
    ]
