"""The steward's compound file and the roster beside it: what `reading.compounds` reads back the same."""

from __future__ import annotations

from pathlib import Path

import yaml

from lastmetre.papers.masking import masked_name, shown_phone
from lastmetre.papers.pack import PhoneKind
from lastmetre.papers.tables import Column, Kind, Table
from lastmetre.papers.workbook import write_workbook
from lastmetre.terms import Building, Compound, Unit

COMPOUND_FILE = "compound.yaml"
ROSTER_FILE = "roster.xlsx"
# The headings that residents' committees use; the reader knows them in every language of the screen.
_COLUMNS = (
    Column("楼栋"),
    Column("单元"),
    Column("房号"),
    Column("楼层", Kind.NUMBER),
    Column("姓名", width=14),
    Column("电话", width=16),
    Column("人数", Kind.NUMBER),
)


def roster_table(compound: Compound, *, masked: bool) -> Table:
    """Return the roster as a sheet, one row a household; masked names and phone tails unless asked."""
    rows = roster_as_plain(compound, masked=masked)
    order = ("building", "unit", "room", "floor", "name", "phone", "people")
    return Table("住户", _COLUMNS, tuple(tuple(row[name] for name in order) for row in rows))


def roster_as_plain(compound: Compound, *, masked: bool) -> list[dict[str, str | int | None]]:
    """Return the households as JSON values; masked names and phone tails unless asked."""
    return [
        {
            "building": one.home.building,
            "unit": one.home.unit,
            "room": one.home.room,
            "floor": one.floor,
            "name": masked_name(one.name) if masked else one.name,
            "phone": shown_phone(one.phone, PhoneKind.TAIL if masked else PhoneKind.FULL),
            "people": one.head_count,
        }
        for one in compound.households
    ]


def compound_as_plain(compound: Compound) -> dict[str, object]:
    """Return the compound file's content with every key."""
    return {"aliases": [], "lanes": []} | _plain(compound)


def write_compound_files(folder: Path, compound: Compound, *, masked: bool) -> None:
    """Write compound.yaml and, where there are households, roster.xlsx beside it."""
    text = yaml.safe_dump(_plain(compound), allow_unicode=True, sort_keys=False, width=100)
    (folder / COMPOUND_FILE).write_text(text, encoding="utf-8")
    if compound.households:
        write_workbook(folder / ROSTER_FILE, [roster_table(compound, masked=masked)])


def _plain(compound: Compound) -> dict[str, object]:
    plain: dict[str, object] = {"name": compound.name}
    if compound.aliases:
        plain["aliases"] = list(compound.aliases)
    if compound.lanes:
        plain["lanes"] = list(compound.lanes)
    plain["two_parts"] = "-".join(compound.two_parts)
    plain["three_parts"] = "-".join(compound.three_parts)
    plain["buildings"] = [_building(building) for building in compound.buildings]
    if compound.households:
        plain["roster"] = ROSTER_FILE
    return plain


def _building(building: Building) -> dict[str, object]:
    plain: dict[str, object] = {"name": building.name}
    if building.aliases:
        plain["aliases"] = list(building.aliases)
    if building.lane:
        plain["lane"] = building.lane
    units = [unit for unit in building.units if unit.name]
    if units:
        plain["units"] = [{"name": unit.name, **_stairs(unit)} for unit in units]
    else:
        plain |= _stairs(building.units[0]) if building.units else {}
    return plain


def _stairs(unit: Unit) -> dict[str, object]:
    floors: dict[str, object] = {"floors": unit.floors} if unit.floors else {}
    return {**floors, "lift": unit.has_lift}
