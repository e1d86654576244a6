"""Which home each row of a handmade table means: headings, merged cells and cells left out count too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lastmetre.reading.boxes import Boxes
from lastmetre.reading.column_names import HOME, Meaning
from lastmetre.reading.columns import Table
from lastmetre.reading.places import find_places
from lastmetre.reading.tables import Row

_IDENTITY = (*HOME, Meaning.PHONE, Meaning.NAME, Meaning.ORDERED_BY, Meaning.NUMBER)
_MOST_BESIDE_A_NAME = 6
"""Signs beside a building's name in a heading or a sheet's name: 丽城3号楼订单."""


def boxes_of(table: Table, row: Row) -> Boxes:
    """Return what the row itself says of its home; merged cells lend it."""
    return Boxes(**{str(meaning): table.text(row, meaning) for meaning in HOME})


def with_homes(table: Table, rows: Sequence[Row]) -> Iterator[tuple[Row, Boxes, dict[str, object]]]:
    """Yield each row with its boxes and what it takes over from sheet name, heading or row above."""
    heading = _building_named(table.source.sheet)
    blocks = [
        part for part in (Meaning.BUILDING, Meaning.UNIT) if _is_written_once_a_block(table, rows, part)
    ]
    last: dict[Meaning, str] = {}
    before: tuple[Row, Boxes] | None = None
    for row in rows:
        if named := _heading(row):
            heading = named
            continue
        boxes, details = boxes_of(table, row), dict[str, object]()
        if before and _continues(table, row):
            yield row, before[1], {"home_from_row": before[0].number}
            continue
        if boxes.building != last.get(Meaning.BUILDING) and boxes.building:
            last.pop(Meaning.UNIT, None)
        for part in blocks:
            if boxes.room and not getattr(boxes, part) and part in last:
                boxes = replace(boxes, **{str(part): last[part]})
                details[f"{part}_from_above"] = last[part]
            elif getattr(boxes, part):
                last[part] = getattr(boxes, part)
        if heading and boxes.room and not (boxes.building or boxes.address):
            boxes, details = replace(boxes, building=heading), {"building_from_heading": heading}
        before = (row, boxes)
        yield row, boxes, details


def _continues(table: Table, row: Row) -> bool:
    """Say whether a row of one good says nothing of whose it is: it belongs to the row above."""
    says_who = any(table.own_text(row, meaning) for meaning in _IDENTITY)
    return table.has(Meaning.GOOD) and table.has(Meaning.QUANTITY) and not says_who


def _is_written_once_a_block(table: Table, rows: Sequence[Row], part: Meaning) -> bool:
    """Say whether people wrote a building or unit only at the top of its block, as handmade lists do.

    Then no block's name comes twice, and blanks outnumber names; one forgotten cell makes no block.
    """
    with_room = [row for row in rows if table.text(row, Meaning.ROOM)]
    building, names, blanks = "", list[tuple[str, str]](), 0
    for row in with_room:
        building = table.text(row, Meaning.BUILDING) or building
        name = table.text(row, part)
        blanks += not name
        names += [(building, name)] if name else []
    starts_named = bool(with_room) and bool(table.text(with_room[0], part))
    return starts_named and len(set(names)) == len(names) <= blanks


def _heading(row: Row) -> str:
    """Return the building of a row that holds nothing but its name (3号楼); '' for other rows."""
    texts = [text for text in row.cells if text]
    return _building_named(texts[0]) if len(texts) == 1 else ""


def _building_named(text: str) -> str:
    """Return the part of a short text that names a building or a building's unit; '' where it names none."""
    found = find_places(text)
    if len(found) != 1 or found[0].place.room or not found[0].place.building:
        return ""
    rest = len(text) - (found[0].end - found[0].start)
    return text[found[0].start : found[0].end] if rest <= _MOST_BESIDE_A_NAME else ""
