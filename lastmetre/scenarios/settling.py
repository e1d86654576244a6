"""Builds compounds and settles households in them, to the figure of the source where it states one."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .codes import Need, PlaceKind, PointKind
from .draft import Draft
from .geometry import Area
from .place_rows import Building, Compound, Gate, Household, Place, Point

HEAD_COUNTS = {1: 19, 2: 34, 3: 25, 4: 14, 5: 5, 6: 3}
"""Share of each household size; 2.6 heads on average (field notes: 1.6 to 3.3 in seven compounds)."""
MOST_HEADS = 7
USUAL_NEEDS = {
    Need.OVER_60: 0.18,
    Need.LIVES_ALONE: 0.03,
    Need.OVER_80: 0.03,
    Need.NO_SMARTPHONE: 0.04,
    Need.HARDLY_MOBILE: 0.012,
    Need.DISABLED: 0.01,
    Need.NO_KIN: 0.005,
    Need.INFANT: 0.05,
}
"""Share of households with each need, where the source states no figure."""
UNIT_WIDTH_M, BUILDING_DEPTH_M = 22, 15


@dataclass(frozen=True, slots=True)
class Block:
    """One building to be built."""

    name: str
    units: tuple[str, ...]
    floors: int
    doors: int = 2
    """Flats a floor and unit."""
    has_lift: bool = True
    aliases: tuple[str, ...] = ()
    runs_through: bool = False
    """Whether rooms are numbered through the floor (unit 2 has 03 and 04) or anew in each unit."""


@dataclass(frozen=True, slots=True)
class Flat:
    """One home to settle somebody in."""

    place: str
    room: str
    floor: int


def blocks(
    names: Sequence[str], *, units: int, floors: int, doors: int = 2, has_lift: bool = True
) -> list[Block]:
    """Return buildings of one kind."""
    return [
        Block(name, tuple(map(str, range(1, units + 1))), floors, doors=doors, has_lift=has_lift)
        for name in names
    ]


def build(draft: Draft, compound: str, buildings: Sequence[Block]) -> list[Flat]:
    """Put buildings with their units on a compound's ground; return its flats."""
    flats: list[Flat] = []
    for block, tile in zip(buildings, draft.areas[compound].tiles(len(buildings), gap=0.3), strict=True):
        key = f"{compound}/{block.name}"
        width = min(tile.width, UNIT_WIDTH_M * max(2, len(block.units)))
        area = tile.centred(width, min(tile.depth, BUILDING_DEPTH_M))
        aliases = block.aliases
        draft.place(PlaceKind.BUILDING, key, block.name, area, parent=compound, aliases=aliases)
        draft.add(Building(key, block.floors, block.has_lift))
        if not block.units:
            flats += _flats(key, block, 0)
        for index, unit in enumerate(block.units):
            inside = f"{key}/{unit}"
            share = Area(
                area.west + width / len(block.units) * index, area.south, width / len(block.units), area.depth
            )
            draft.titles[inside] = unit
            position = draft.ground.spot(share.middle)
            draft.add(Place(inside, PlaceKind.UNIT, unit, key, position=position))
            flats += _flats(inside, block, index * block.doors if block.runs_through else 0)
    return flats


def _flats(place: str, block: Block, first: int) -> list[Flat]:
    return [
        Flat(place, f"{floor}{first + door:02}", floor)
        for floor in range(1, block.floors + 1)
        for door in range(1, block.doors + 1)
    ]


def _sizes(rng: random.Random, count: int, heads: int | None) -> list[int]:
    sizes = rng.choices(list(HEAD_COUNTS), list(HEAD_COUNTS.values()), k=count)
    if heads is None:
        return sizes
    while (difference := heads - sum(sizes)) != 0:
        step = 1 if difference > 0 else -1
        for index in rng.sample(range(count), min(count, abs(difference))):
            if 1 <= sizes[index] + step <= MOST_HEADS:
                sizes[index] += step
    return sizes


def coded_needs(
    rng: random.Random, sizes: Sequence[int], stated: Mapping[Need, int] | None = None
) -> list[tuple[Need, ...]]:
    """Choose who has which need: whoever lives alone is one, whoever has no kin or no smartphone is old."""
    count = len(sizes)
    wanted = {need: round(share * count) for need, share in USUAL_NEEDS.items()} | dict(stated or {})
    chosen: dict[Need, set[int]] = {}
    single = [index for index in range(count) if sizes[index] == 1]
    chosen[Need.LIVES_ALONE] = set(rng.sample(single, min(len(single), wanted.get(Need.LIVES_ALONE, 0))))
    alone = chosen[Need.LIVES_ALONE]
    others = [index for index in range(count) if index not in alone]
    old = set(alone) | set(rng.sample(others, max(0, wanted.get(Need.OVER_60, 0) - len(alone))))
    chosen[Need.OVER_60] = old
    for need in (Need.OVER_80, Need.NO_SMARTPHONE, Need.NO_KIN, Need.HARDLY_MOBILE):
        chosen[need] = set(rng.sample(sorted(old), min(len(old), wanted.get(need, 0))))
    chosen[Need.OVER_80] |= set(sorted(alone)[:1])  # QZ12: somebody of 84 lives alone
    for need in (Need.DISABLED, Need.INFANT):
        pool = [index for index in range(count) if need is Need.DISABLED or sizes[index] > 2]
        chosen[need] = set(rng.sample(pool, min(len(pool), wanted.get(need, 0))))
    return [tuple(need for need in Need if index in chosen.get(need, ())) for index in range(count)]


def settle(
    draft: Draft,
    compound: str,
    flats: Sequence[Flat],
    *,
    households: int,
    heads: int | None = None,
    needs: Mapping[Need, int] | None = None,
    sizes: list[int] | None = None,
) -> list[Household]:
    """Settle so many households in the flats, with so many heads where stated; sets the compound's counts."""
    rng = draft.rng
    lived_in = [flats[index] for index in sorted(rng.sample(range(len(flats)), households))]
    sizes = sizes or _sizes(rng, households, heads)
    coded = coded_needs(rng, sizes, needs)
    settled = [
        Household(
            key=f"{flat.place}/{flat.room}",
            place=flat.place,
            room=flat.room,
            floor=flat.floor,
            name=draft.directory.person(),
            phone=draft.directory.phone(),
            head_count=size,
            needs=need,
        )
        for flat, size, need in zip(lived_in, sizes, coded, strict=True)
    ]
    draft.add(*settled)
    count_heads(draft, compound, settled)
    return settled


def count_heads(draft: Draft, compound: str, settled: Sequence[Household]) -> None:
    """Write on a compound how many households and heads it has."""
    places = draft.rows(Place)
    index = next(index for index, place in enumerate(places) if place.key == compound)
    heads = sum(household.head_count or 0 for household in settled)
    places[index] = replace(places[index], household_count=len(settled), head_count=heads)


def furnish(
    draft: Draft, compound: str, *, hands: int, waves: int = 2, two_parts: str = "building-room"
) -> None:
    """Give a compound its detail, a gate on the south side and a delivery point inside it (FC7)."""
    area = draft.areas[compound]
    draft.add(
        Compound(compound, two_parts=two_parts, hands_per_wave=hands, waves_per_day=waves),
        Gate(f"{compound}/gate", compound, "正门", draft.ground.spot(area.at(0.5, 0))),
        Point(
            f"{compound}/delivery-point",
            PointKind.DELIVERY_POINT,
            compound,
            f"{draft.titles[compound]}配送点",
            draft.ground.spot(area.at(0.56, 0.1)),
        ),
    )
