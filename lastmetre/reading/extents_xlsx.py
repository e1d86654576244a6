"""How far the sheets of an .xlsx reach and which rows they hide, read from its XML before parsing.

The parser lays out the whole rectangle that filled cells span, and copies a shared text for each cell that
shows it: two cells in far corners, or one long text, of a file of 1 kB would fill the memory. The size that
a sheet declares of itself is not to be trusted.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from lastmetre.reading.archives import tags
from lastmetre.reading.limits import Extent, check_cell_text, damaged, unusual
from lastmetre.terms import Source

HiddenRows = Mapping[str, frozenset[int]]
"""1-based rows that a sheet hides, by the sheet's name."""

# Patterns begin with a letter wherever they can, so that the search is a plain byte search.
_CELL = re.compile(rb"""r(?<=\sr)\s*=\s*["']([A-Z]*)(\d*)(["'][^>]*|[^>]*)>""")
_ROW = re.compile(rb"row(?<=[<:]row)\b[^>]*>")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)""")
_SHARED = re.compile(rb"""t\s*=\s*["']s["'][^>]*>(?:\s*<(?:\w+:)?v>(\d+))?""")
_STRING = re.compile(rb"si(?<=[<:]si)[\s>]")
_LONGEST_COLUMN = 3
_LONGEST_ROW = 7
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def check_xlsx(archive: zipfile.ZipFile, data: bytes, source: Source) -> HiddenRows:
    """Unpack every part within its declared size and measure every sheet; raises InputError."""
    extent, shown = Extent(source), Counter[bytes]()
    hidden, lengths = {}, [0]
    for entry in archive.infolist():
        chunks = tags(data, entry, source)
        if entry.filename.endswith("sharedStrings.xml"):
            lengths = _string_lengths(chunks)
        else:
            extent.next_sheet()
            hidden[entry.filename] = _measure_sheet(chunks, extent, shown, source)
    longest = max(lengths)
    check_cell_text(
        sum(
            count * (lengths[int(index)] if index and int(index) < len(lengths) else longest)
            for index, count in shown.items()
        ),
        source,
    )
    parts = _sheet_parts(archive, data, source)
    return {name: hidden[part] for name, part in parts.items() if hidden.get(part)}


def _string_lengths(chunks: Iterable[bytes]) -> list[int]:
    """Return the length in bytes, tags included, of each shared text."""
    starts, offset = [], 0
    for chunk in chunks:
        starts += [offset + found.start() for found in _STRING.finditer(chunk)]
        offset += len(chunk)
    ends = [*starts[1:], offset]
    return [end - start for start, end in zip(starts, ends, strict=True)] or [0]


def _measure_sheet(
    chunks: Iterable[bytes], extent: Extent, shown: Counter[bytes], source: Source
) -> frozenset[int]:
    """Stretch the extent over a sheet, count its shared texts, return its hidden rows."""
    row, hidden, is_sheet = 0, set(), False
    for chunk in chunks:
        is_sheet = is_sheet or b"sheetData" in chunk
        if not is_sheet:
            continue
        cuts_a_tag = chunk.rfind(b"<") > chunk.rfind(b">")
        if cuts_a_tag or b"\0" in chunk:
            raise unusual(source)
        for tag in _ROW.findall(chunk):
            number = _ROW_NUMBER.search(tag)
            row = int(number[1]) if number else row + 1
            if _HIDDEN.search(tag):
                hidden.add(row)
        extent.stretch(row, 1)
        _stretch_to_cells(extent, _CELL.findall(chunk), source)
        shown.update(_SHARED.findall(chunk))
    return frozenset(hidden)


def _stretch_to_cells(extent: Extent, cells: list[tuple[bytes, bytes, bytes]], source: Source) -> None:
    """Include all cells that hold something; empty formatted cells cost the parser nothing."""
    endings = {ending for _, _, ending in cells}
    if any(ending[:1] not in (b'"', b"'") for ending in endings):
        raise unusual(source)
    filled = {ending for ending in endings if not ending.endswith(b"/")}
    columns = {column for column, _, ending in cells if column and ending in filled}
    rows = {row for column, row, ending in cells if column and ending in filled}
    longest_column, longest_row = max(map(len, columns), default=0), max(map(len, rows), default=0)
    if b"" in rows or longest_column > _LONGEST_COLUMN or longest_row > _LONGEST_ROW:
        raise unusual(source)
    extent.stretch(max(map(int, rows), default=1), max(map(_column_number, columns), default=1))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_parts(archive: zipfile.ZipFile, data: bytes, source: Source) -> dict[str, str]:
    """Return the part that stores each sheet, by the sheet's name."""
    try:
        links, book = (
            ElementTree.fromstring(b"".join(tags(data, archive.getinfo(name), source)))
            for name in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml")
        )
    except (ElementTree.ParseError, KeyError) as error:
        raise damaged(source) from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        node.get("name", ""): posixpath.normpath(
            posixpath.join("/xl", targets.get(node.get(_RELATION)) or "")
        ).lstrip("/")
        for node in book.iter()
        if node.get(_RELATION)
    }
