"""A compound file (YAML; households in it or in a roster beside it), or a roster alone -> `Compound`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from lastmetre.reading.cell_values import phone
from lastmetre.reading.folding import bare
from lastmetre.reading.guards import is_table_file
from lastmetre.reading.places import read_address
from lastmetre.reading.rosters import floor_of_room, read_roster
from lastmetre.reading.yaml_files import Value, read_yaml
from lastmetre.terms import Building, Compound, Home, Household, InputError, Source, Unit, natural_key, say

_KEYS = ("name", "aliases", "lanes", "two_parts", "three_parts", "buildings", "roster", "households")
_BUILDING_KEYS = ("name", "aliases", "lane", "lift", "floors", "units")
_UNIT_KEYS = ("name", "floors", "lift")
_HOUSEHOLD_KEYS = ("home", "phone", "name", "people", "floor")
_PARTS = ("lane", "building", "unit", "room")


def read_compound(path: Path) -> Compound:
    """Read a compound file, or take a roster workbook as one; raises InputError that names line or row."""
    if is_table_file(path):
        roster = read_roster(path, Compound(path.stem))
        return Compound(roster.name or path.stem, buildings=roster.buildings, households=roster.households)
    root = read_yaml(path)
    keys = root.keys(_KEYS)
    if "name" not in keys:
        raise InputError(
            say("The compound has no name."),
            remedy=say("Write a line such as “name: 开元丽城”."),
            source=root.source,
        )
    compound = Compound(
        name=keys["name"].text(),
        aliases=keys["aliases"].texts() if "aliases" in keys else (),
        lanes=keys["lanes"].texts() if "lanes" in keys else (),
        buildings=_read_buildings(keys["buildings"]) if "buildings" in keys else (),
        two_parts=_read_parts(keys["two_parts"], 2) if "two_parts" in keys else ("building", "room"),
        three_parts=_read_parts(keys["three_parts"], 3)
        if "three_parts" in keys
        else ("building", "unit", "room"),
    )
    if "roster" in keys:
        compound = _with_roster(compound, path, keys["roster"])
    if "households" in keys:
        compound = _with_households(compound, keys["households"])
    if not compound.buildings:
        raise InputError(
            say("The compound has no buildings."),
            remedy=say("List them under “buildings”, or name a roster workbook under “roster”."),
            source=root.source,
        )
    return compound


def _read_parts(value: Value, count: int) -> tuple[str, ...]:
    parts = tuple(value.text().replace(" ", "").split("-"))
    if len(parts) != count or len(set(parts)) != count or not set(parts) <= set(_PARTS):
        raise value.wrong(
            say(
                "“{name}” must be {count} of lane, building, unit, room with dashes, not “{text}”.",
                name=value.name,
                count=count,
                text=value.text(),
            )
        )
    return parts


def _read_buildings(value: Value) -> tuple[Building, ...]:
    buildings = []
    named: dict[str, Value] = {}
    for entry in value.each():
        keys = entry.keys(_BUILDING_KEYS) if entry.is_mapping else {"name": entry}
        if "name" not in keys:
            raise entry.wrong(say("A building needs a name."))
        building = _read_building(keys)
        for name in (building.name, *building.aliases):
            if (first := named.setdefault(bare(name), entry)) is not entry:
                raise entry.wrong(
                    say(
                        "“{name}” names two buildings; the other stands in line {line}.",
                        name=name,
                        line=first.source.row,
                    )
                )
        buildings.append(building)
    return tuple(buildings)


def _read_building(keys: dict[str, Value]) -> Building:
    name = keys["name"].text()
    floors = keys["floors"].whole(1) if "floors" in keys else None
    has_lift = keys["lift"].yes() if "lift" in keys else False
    units = [
        _read_unit(entry, Unit(name, floors=floors, has_lift=has_lift))
        for entry in (keys["units"].each() if "units" in keys else ())
    ]
    repeated = _repeated([unit.name for unit in units])
    if repeated:
        raise keys["units"].wrong(
            say("Unit {unit} of building {name} stands here twice.", unit=repeated, name=name)
        )
    return Building(
        name,
        aliases=keys["aliases"].texts() if "aliases" in keys else (),
        lane=keys["lane"].text() if "lane" in keys else "",
        units=tuple(units) or (Unit(name, floors=floors, has_lift=has_lift),),
    )


def _read_unit(value: Value, of_building: Unit) -> Unit:
    if not value.is_mapping:
        return replace(of_building, name=value.text())
    keys = value.keys(_UNIT_KEYS)
    if "name" not in keys:
        raise value.wrong(say("A unit needs a name."))
    return replace(
        of_building,
        name=keys["name"].text(),
        floors=keys["floors"].whole(1) if "floors" in keys else of_building.floors,
        has_lift=keys["lift"].yes() if "lift" in keys else of_building.has_lift,
    )


def _repeated(names: Sequence[str]) -> str:
    return next((name for at, name in enumerate(names) if name in names[:at]), "")


def _with_roster(compound: Compound, path: Path, value: Value) -> Compound:
    roster_path = path.parent / value.text()
    if not roster_path.is_file():
        raise value.wrong(say("The roster “{file}” does not lie beside this file.", file=value.text()))
    roster = read_roster(roster_path, compound)
    if not compound.buildings:
        return replace(compound, households=roster.households, buildings=roster.buildings)
    in_roster = Value("", Source(roster_path.name), value.name)
    households = tuple(_in_compound(household, compound, in_roster) for household in roster.households)
    return replace(compound, households=households)


def _with_households(compound: Compound, value: Value) -> Compound:
    households = list(compound.households)
    known = {household.home for household in households}
    lines: dict[Home, Value] = {}
    for entry in value.each():
        household = _read_household(entry, compound)
        if household.home in known or household.home in lines:
            raise entry.wrong(say("Home {home} stands in the lists twice.", home=str(household.home)))
        lines[household.home] = entry
        households.append(household)
    buildings = compound.buildings or _buildings_of(households)
    return replace(compound, households=tuple(households), buildings=buildings)


def _read_household(value: Value, compound: Compound) -> Household:
    keys = value.keys(_HOUSEHOLD_KEYS)
    if "home" not in keys:
        raise value.wrong(say("A household needs a home, such as 1-2-301."))
    home = _read_home(keys["home"], compound)
    household = Household(
        home,
        floor=keys["floor"].whole() if "floor" in keys else floor_of_room(home.room),
        phone=phone(keys["phone"].text()) if "phone" in keys else "",
        name=keys["name"].text() if "name" in keys else "",
        head_count=keys["people"].whole(1) if "people" in keys else None,
    )
    if "phone" in keys and not household.phone:
        raise value.wrong(say("“{text}” is no telephone number.", text=keys["phone"].text()))
    return _in_compound(household, compound, value)


def _read_home(value: Value, compound: Compound) -> Home:
    """Read 1-2-301 or 3-501 as the compound writes its homes, or an address in words."""
    typed = [part.strip() for part in value.text().split("-")]
    order = {2: compound.two_parts, 3: compound.three_parts}.get(len(typed))
    if order and all(typed):
        parts = dict(zip(order, typed, strict=True))
    else:
        place = read_address(value.text(), compound)
        parts = {part: text for part in ("building", "unit", "room") if (text := getattr(place, part))}
    if len(compound.buildings) == 1:
        parts.setdefault("building", compound.buildings[0].name)
    if "building" not in parts or "room" not in parts:
        raise value.wrong(say("“{text}” is no home such as 1-2-301.", text=value.text()))
    return Home(parts["building"], parts.get("unit", ""), parts["room"])


def _in_compound(household: Household, compound: Compound, value: Value) -> Household:
    """Name building and unit as the compound does; refuse a home of a building or unit that it has not."""
    home = household.home
    if not compound.buildings:
        return household
    building = next((one for one in compound.buildings if _is_called(one, home.building)), None)
    if building is None:
        raise value.wrong(
            say("Home {home}: there is no building “{building}”.", home=str(home), building=home.building)
        )
    units = [unit.name for unit in building.units]
    unit = units[0] if len(units) == 1 and not home.unit else home.unit
    if unit not in units:
        raise value.wrong(
            say(
                "Home {home}: building {building} has the units {units}.",
                home=str(home),
                building=building.name,
                units="、".join(filter(None, units)) or "-",
            )
        )
    return replace(household, home=Home(building.name, unit, home.room))


def _is_called(building: Building, name: str) -> bool:
    return bare(name) in (bare(each) for each in (building.name, *building.aliases))


def _buildings_of(households: Sequence[Household]) -> tuple[Building, ...]:
    """Return the buildings and units in which a list of households lies."""
    units = sorted({(entry.home.building, entry.home.unit) for entry in households}, key=_by_name)
    return tuple(
        Building(name, units=tuple(Unit(name, unit) for _, unit in group))
        for name, group in groupby(units, key=lambda pair: pair[0])
    )


def _by_name(pair: tuple[str, str]) -> tuple[object, ...]:
    return tuple(natural_key(name) for name in pair)
