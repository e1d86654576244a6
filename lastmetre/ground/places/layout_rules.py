"""What a compound file says of a compound besides its households, and how it differs from what is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lastmetre.ground.places.import_rules import called
from lastmetre.terms import Building, Compound, Sentence, Unit, say

DETAIL_NAMES: dict[str, Sentence] = {
    "aliases": say("Other names"),
    "lanes": say("Lanes (弄)"),
    "two_parts": say("What 3-501 means"),
    "three_parts": say("What 7-2-903 means"),
    "lane": say("Lane (弄)"),
    "floors": say("Floors"),
    "has_lift": say("Lift"),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One fact of the compound ('' as building) or of a building or unit, known and as the file says."""

    building: str
    unit: str
    field: str
    before: Any
    after: Any


def new_details(file: Compound, known: Compound) -> Iterator[Detail]:
    """Yield what a compound file says differently; names are only added, never taken away."""
    if more := _added(file.aliases, (known.name, *known.aliases)):
        yield Detail("", "", "aliases", known.aliases, (*known.aliases, *more))
    for field in ("lanes", "two_parts", "three_parts"):
        before, after = getattr(known, field), getattr(file, field)
        if after and after != before:
            yield Detail("", "", field, before, after)
    for building in file.buildings:
        there = called(building.name, known) or Building(building.name)
        yield from _of_building(building, there)


def _of_building(building: Building, there: Building) -> Iterator[Detail]:
    if more := _added(building.aliases, (there.name, *there.aliases)):
        yield Detail(there.name, "", "aliases", there.aliases, (*there.aliases, *more))
    if building.lane and building.lane != there.lane:
        yield Detail(there.name, "", "lane", there.lane, building.lane)
    known = {unit.name: unit for unit in there.units}
    for unit in building.units:
        before = known.get(unit.name, Unit(there.name, unit.name))
        # A file without a word on lifts reads as none: it takes no lift away.
        for field in ("floors", "has_lift"):
            if (after := getattr(unit, field)) and after != getattr(before, field):
                yield Detail(there.name, unit.name, field, getattr(before, field), after)


def _added(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in known)


def layout_to_plain(file: Compound) -> dict[str, Any]:
    """Return the file's facts as JSON values."""
    return {
        "name": file.name,
        "aliases": file.aliases,
        "lanes": file.lanes,
        "two_parts": file.two_parts,
        "three_parts": file.three_parts,
        "buildings": [
            {
                "name": one.name,
                "aliases": one.aliases,
                "lane": one.lane,
                "units": [[unit.name, unit.floors, unit.has_lift] for unit in one.units],
            }
            for one in file.buildings
        ],
    }


def layout_from_plain(plain: Mapping[str, Any]) -> Compound:
    """Return what `layout_to_plain` was given."""
    return Compound(
        plain["name"],
        aliases=tuple(plain["aliases"]),
        lanes=tuple(plain["lanes"]),
        two_parts=tuple(plain["two_parts"]),
        three_parts=tuple(plain["three_parts"]),
        buildings=tuple(
            Building(
                one["name"],
                aliases=tuple(one["aliases"]),
                lane=one["lane"],
                units=tuple(
                    Unit(one["name"], name, floors, has_lift) for name, floors, has_lift in one["units"]
                ),
            )
            for one in plain["buildings"]
        ),
    )
