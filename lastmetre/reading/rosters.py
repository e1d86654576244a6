"""A roster workbook, one row a household or one row a person -> households and buildings of a compound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lastmetre.reading.boxes import read_home
from lastmetre.reading.cell_values import is_yes, phone
from lastmetre.reading.cell_values import whole as whole_number
from lastmetre.reading.column_names import HOME, ROSTER, Meaning
from lastmetre.reading.columns import GivenMapping, Table, cell, check_given, find_table, headers_seen
from lastmetre.reading.row_homes import with_homes
from lastmetre.reading.tables import Row, read_tables
from lastmetre.terms import (
    Building,
    Compound,
    Home,
    Household,
    InputError,
    Sentence,
    Source,
    Unit,
    natural_key,
    say,
)

_NAMED_ROWS = 5


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one row of the roster says."""

    home: Home
    lane: str
    table: Table
    row: Row

    def text(self, meaning: Meaning) -> str:
        return self.table.own_text(self.row, meaning)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not taken over from a roster: a row, or one cell of it, and why."""

    source: Source
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Roster:
    """Households and buildings as a roster lists them."""

    name: str
    """The compound that its 小区 column names; '' where it names none or several."""
    households: tuple[Household, ...]
    buildings: tuple[Building, ...]
    left_out: tuple[LeftOut, ...] = ()
    """What was not read; empty where the whole roster was asked for."""


def read_roster(
    path: Path, known: Compound, mapping: GivenMapping | None = None, *, whole: bool = True
) -> Roster:
    """Read a roster of any layout; `known` says how its homes are written. Raises InputError.

    With `whole` a row that cannot be read refuses the file; without, it is left out and told.
    """
    workbook = read_tables(path)
    check_given(mapping, workbook)
    tables = [table for sheet in workbook.sheets if (table := find_table(sheet, ROSTER, mapping))]
    tables = [table for table in tables if table.has(Meaning.ROOM, Meaning.ADDRESS)]
    if not tables:
        raise InputError(
            say(
                "This roster has no column with rooms. The columns are: {headers}.",
                headers=headers_seen(workbook.sheets),
            ),
            remedy=say("Name the columns 楼栋, 单元, 房号, 姓名, 电话, 人数, or say what they are."),
            source=workbook.source,
        )
    entries: list[_Entry] = []
    left_out: list[LeftOut] = []
    for table in tables:
        read, unread = _entries(table, known)
        if unread and whole:
            raise _unreadable(table, unread)
        entries += read
        left_out += [_row_left_out(table, row) for row in unread]
    if not entries:
        raise InputError(
            say("This roster lists no home."),
            remedy=say("Check that the rows are not hidden."),
            source=workbook.source,
        )
    names = {text for entry in entries if (text := entry.table.text(entry.row, Meaning.COMPOUND))}
    households, doubled = _households(entries, whole=whole)
    cells = () if whole else tuple(_cells_left_out(entries))
    return Roster(
        names.pop() if len(names) == 1 else "",
        tuple(households),
        _buildings(entries),
        (*left_out, *doubled, *cells),
    )


def _entries(table: Table, known: Compound) -> tuple[list[_Entry], list[Row]]:
    """Return the rows that name a home, and those that seem to mean one but cannot be read."""
    read: list[_Entry] = []
    unread: list[Row] = []
    for row, boxes, _ in with_homes(table, table.rows):
        place, doubts = read_home(boxes, known)
        building = place.building or (known.buildings[0].name if len(known.buildings) == 1 else "")
        if place.room and building and not doubts:
            read.append(_Entry(Home(building, place.unit or "", place.room), place.lane or "", table, row))
        elif (
            table.own_text(row, Meaning.ROOM)
            or table.own_text(row, Meaning.ADDRESS)
            or _is_person(table, row)
        ):
            unread.append(row)
    return read, unread


def _is_person(table: Table, row: Row) -> bool:
    """Tell whether a row without a room names somebody with a phone: a home whose room was forgotten."""
    return bool(table.own_text(row, Meaning.NAME) and phone(table.own_text(row, Meaning.PHONE)))


def _unreadable(table: Table, unread: Sequence[Row]) -> InputError:
    return InputError(
        say(
            "The homes of {count} rows cannot be read: {rows}.",
            count=len(unread),
            rows="；".join(
                f"{row.number}: {' '.join(filter(None, row.cells))}" for row in unread[:_NAMED_ROWS]
            ),
        ),
        remedy=say("Give building and room in each row, or delete rows that are no homes."),
        source=table.at(unread[0]),
    )


def _row_left_out(table: Table, row: Row) -> LeftOut:
    typed = [
        f"{column.header} “{text}”"
        for column in table.columns
        if column.meaning in HOME and (text := cell(row, column.index))
    ]
    return LeftOut(
        table.at(row),
        say("Row {row}: no home can be read from {cells}.", row=row.number, cells="、".join(typed)),
    )


def _cells_left_out(entries: Sequence[_Entry]) -> Iterator[LeftOut]:
    """Tell of cells that hold something other than their column asks for."""
    for entry in entries:
        for meaning, read in ((Meaning.PHONE, phone), (Meaning.HEAD_COUNT, whole_number)):
            text = entry.text(meaning)
            if text and read(text) in ("", None):
                header = next(one.header for one in entry.table.columns if one.meaning is meaning)
                yield LeftOut(
                    entry.table.at(entry.row),
                    say(
                        "Row {row}, column {column}: “{text}” was not taken over.",
                        row=entry.row.number,
                        column=header,
                        text=text,
                    ),
                )


def _households(entries: Sequence[_Entry], *, whole: bool) -> tuple[list[Household], list[LeftOut]]:
    by_home: dict[Home, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_home[entry.home].append(entry)
    lists_persons = any(len(rows) > 1 for rows in by_home.values())
    households: list[Household] = []
    doubled: list[LeftOut] = []
    for home, rows in by_home.items():
        try:
            households.append(_household(home, rows, lists_persons))
        except InputError as error:
            if whole:
                raise
            doubled.append(LeftOut(error.source or rows[-1].table.source, error.what))
    return households, doubled


def _household(home: Home, rows: Sequence[_Entry], lists_persons: bool) -> Household:
    """Put a home's rows together; rows that each state a head count are two households in one home."""
    counts = [count for entry in rows if (count := whole_number(entry.text(Meaning.HEAD_COUNT))) is not None]
    if len(counts) > 1:
        numbers = "、".join(str(entry.row.number) for entry in rows)
        raise InputError(
            say("Home {home} stands in several rows: {rows}.", home=str(home), rows=numbers),
            remedy=say("Delete the rows that are wrong, or put them together."),
            source=rows[-1].table.at(rows[-1].row),
        )
    persons = len({entry.text(Meaning.NAME) or str(entry.row.number) for entry in rows})
    floor = next(
        (floor for entry in rows if (floor := whole_number(entry.text(Meaning.FLOOR))) is not None), None
    )
    return Household(
        home,
        floor=floor if floor is not None else floor_of_room(home.room),
        phone=next((digits for entry in rows if (digits := phone(entry.text(Meaning.PHONE)))), ""),
        name=next((name for entry in rows if (name := entry.text(Meaning.NAME))), ""),
        head_count=counts[0] if counts else (persons if lists_persons else None),
    )


def floor_of_room(room: str) -> int | None:
    """Return the floor that a room's number tells (1701: 17, 302: 3); None where it is no such number."""
    return int(room[:-2]) if room.isdecimal() and len(room) in (3, 4) and int(room[:-2]) else None


def _buildings(entries: Sequence[_Entry]) -> tuple[Building, ...]:
    """Return the buildings and units that occur, with lifts and floors where columns tell them."""
    units: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        units[entry.home.building, entry.home.unit].append(entry)
    names = sorted({building for building, _ in units}, key=natural_key)
    return tuple(
        Building(
            name,
            lane=next((entry.lane for entry in entries if entry.home.building == name and entry.lane), ""),
            units=tuple(
                _unit(building, unit, rows)
                for (building, unit), rows in sorted(units.items(), key=lambda item: natural_key(item[0][1]))
                if building == name
            ),
        )
        for name in names
    )


def _unit(building: str, name: str, rows: Sequence[_Entry]) -> Unit:
    floors = [count for entry in rows if (count := whole_number(entry.table.text(entry.row, Meaning.FLOORS)))]
    lifts = [is_yes(text) for entry in rows if (text := entry.table.text(entry.row, Meaning.LIFT))]
    return Unit(building, name, floors=max(floors, default=None), has_lift=any(lifts))
