"""Writing what a compound file says of a compound, its buildings and their stairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lastmetre.ground.places.actions.compounds import edit_compound
from lastmetre.ground.places.actions.tree import edit_place, edit_stairs
from lastmetre.ground.places.layout_rules import Detail
from lastmetre.ground.places.models import Building, Compound, Place, Unit
from lastmetre.ground.places.queries.compounds import short_names, stairs_within
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import Actor

_OF_COMPOUND = ("lanes", "two_parts", "three_parts")


def write_details(place: Place, details: Sequence[Detail], *, by: Actor, at: datetime) -> None:
    """Write the details that a review showed; called by `rosters.take_over` in its transaction."""
    if not details:
        return
    stairs = stairs_within(place)
    names = short_names(stairs)
    found = {
        (names[one.parent_id], names[one.pk]) if one.kind == PlaceKind.UNIT else (names[one.pk], ""): one
        for one in stairs
    }
    grouped: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for detail in details:
        grouped[detail.building, detail.unit][detail.field] = detail.after
    for key, values in grouped.items():
        target = found.get(key, place) if key != ("", "") else place
        if "aliases" in values:
            _add_names(target, values["aliases"], by=by, at=at)
        if key == ("", ""):
            _write_compound(place, values, by=by, at=at)
        elif {"floors", "has_lift", "lane"} & values.keys():
            _write_stairs(target, values, by=by, at=at)


def _add_names(place: Place, names: Sequence[str], *, by: Actor, at: datetime) -> None:
    aliases = [*place.aliases, *(name for name in names if name != place.name)]
    spot = {"longitude": place.longitude, "latitude": place.latitude}
    edit_place(place, name=place.name, aliases=aliases, **spot, by=by, at=at)


def _write_compound(place: Place, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    if not set(_OF_COMPOUND) & values.keys():
        return
    detail = Compound.objects.filter(place=place).first() or Compound(place=place)
    kept = {name: getattr(detail, name) for name in ("hands_per_wave", "waves_per_day", "doors_per_hour")}
    written = {
        "lanes": values.get("lanes", detail.lanes),
        "two_parts": "-".join(values["two_parts"]) if "two_parts" in values else detail.two_parts,
        "three_parts": "-".join(values["three_parts"]) if "three_parts" in values else detail.three_parts,
    }
    edit_compound(place, **written, **kept, by=by, at=at)


def _write_stairs(place: Place, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    model = Building if place.kind == PlaceKind.BUILDING else Unit
    row = model.objects.filter(place=place).first() or model(place=place)
    edit_stairs(
        place,
        floors=values.get("floors", row.floors),
        has_lift=values.get("has_lift", row.has_lift),
        lane=values.get("lane", getattr(row, "lane", "")),
        by=by,
        at=at,
    )
