"""How far the sheets of an .ods reach and which rows they hide, read from its XML before parsing.

OpenDocument repeats cells, rows and spaces by a number: a file of 1 kB may ask for a million filled rows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

from lastmetre.reading.archives import tags
from lastmetre.reading.extents_xlsx import HiddenRows
from lastmetre.reading.limits import Extent, check_cell_text, unusual
from lastmetre.terms import Source

_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ROWS_REPEATED = re.compile(rb"number-rows-repeated\s*=\s*[\"'](\d{1,9})")
_COLUMNS_REPEATED = re.compile(rb"number-columns-repeated\s*=\s*[\"'](\d{1,9})")
_NAME = re.compile(rb"table:name=\"([^\"]*)\"")
_HIDDEN = re.compile(rb"table:visibility=\"(?:collapse|filter)\"")
_MANY_SPACES = re.compile(rb"text:c\s*=\s*[\"']\d{4}")


def check_ods(archive: zipfile.ZipFile, data: bytes, source: Source) -> HiddenRows:
    """Unpack every part within its declared size and measure every sheet; raises InputError."""
    walk = _Walk(source, Extent(source))
    for entry in archive.infolist():
        chunks = tags(data, entry, source)
        if entry.filename == "content.xml":
            walk.read(chunks)
        else:
            for _ in chunks:
                continue
    return {name: frozenset(rows) for name, rows in walk.hidden.items() if rows}


@dataclass(slots=True)
class _Walk:
    """Position within the sheets while their tags go by."""

    source: Source
    extent: Extent
    hidden: dict[str, set[int]] = field(default_factory=dict)
    sheet: str = ""
    row: int = 0
    repeated: int = 1
    is_hidden: bool = False
    column: int = 0
    filled_to: int = 0
    row_bytes: int = 0
    text_bytes: int = 0

    def read(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            cuts_a_tag = chunk.rfind(b"<") > chunk.rfind(b">")
            if cuts_a_tag or b"\0" in chunk or _MANY_SPACES.search(chunk):
                raise unusual(self.source)
            found = list(_TAG.finditer(chunk))
            ends = [*(tag.start() for tag in found), len(chunk)][1:]
            for tag, end in zip(found, ends, strict=True):
                self._take(tag[1] == b"/", tag[2], tag[3], end - tag.start())

    def _take(self, closes: bool, kind: bytes, attributes: bytes, size_bytes: int) -> None:
        if kind == b"table":
            if not closes:
                self._open_sheet(attributes)
        elif kind == b"table-row":
            if not closes:
                self._open_row(attributes)
            if closes or attributes.endswith(b"/"):
                self._close_row()
        elif not closes:
            times = _repeats(_COLUMNS_REPEATED, attributes)
            self.column += times
            if not attributes.endswith(b"/") or b"value" in attributes:
                self.filled_to = self.column
                self.row_bytes += size_bytes * times

    def _open_sheet(self, attributes: bytes) -> None:
        self.extent.next_sheet()
        name = _NAME.search(attributes)
        self.sheet = name[1].decode("utf-8", "replace") if name else ""
        self.row = 0

    def _open_row(self, attributes: bytes) -> None:
        self.repeated = _repeats(_ROWS_REPEATED, attributes)
        self.is_hidden = _HIDDEN.search(attributes) is not None
        self.column = self.filled_to = self.row_bytes = 0

    def _close_row(self) -> None:
        last = self.row + self.repeated
        if self.filled_to:
            self.extent.stretch(last, self.filled_to)
            self.text_bytes += self.row_bytes * self.repeated
            check_cell_text(self.text_bytes, self.source)
            if self.is_hidden:
                self.hidden.setdefault(self.sheet, set()).update(range(self.row + 1, last + 1))
        self.row = last


def _repeats(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return max(1, int(found[1])) if found else 1
