"""What an .xls holds (MS-XLS records in an OLE container), read before parsing.

Its sheets end at row 65,536 and column 256, but the parser lays out the whole rectangle of every sheet and
copies a shared text for each cell that shows it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

from lastmetre.reading.extents_xlsx import HiddenRows
from lastmetre.reading.limits import Extent, check_cell_text, damaged, locked, no_workbook
from lastmetre.terms import Source

_HEAD = struct.Struct("<HHHH")
"""Kind and size of a record, and for a cell its row and column (0-based)."""
_SIZE = struct.Struct("<4xI2xH")
"""Last row and column that a sheet says it has (1-based)."""
_BOF, _CONTINUE, _FILE_PASS, _BOUND_SHEET, _SST = 0x0809, 0x003C, 0x002F, 0x0085, 0x00FC
_DIMENSIONS, _ROW, _LABEL_SST, _MUL_RK = 0x0200, 0x0208, 0x00FD, 0x00BD
_CELLS = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, _LABEL_SST, _MUL_RK})
"""Formula, number, text, truth, packed number, rich text, shared text, packed numbers."""
_GLOBALS = 0x0005
_HIDDEN_ROW = 0x20


def check_xls(data: bytes, source: Source) -> HiddenRows:
    """Measure every sheet; raises InputError for what is locked, too large or no workbook."""
    try:
        container = olefile.OleFileIO(io.BytesIO(data))
        streams = {"/".join(path) for path in container.listdir()}
        if "EncryptedPackage" in streams:
            raise locked(source)
        name = next((name for name in ("Workbook", "Book") if name in streams), None)
        if name is None:
            raise no_workbook(source)
        stream = container.openstream(name).read()
    except (OSError, IndexError, struct.error) as error:
        raise damaged(source) from error
    walk = _Walk(stream, source)
    walk.read()
    return {walk.names[at]: frozenset(rows) for at, rows in walk.hidden.items() if at < len(walk.names)}


class _Walk:
    """Goes through the records of a workbook, sheet after sheet."""

    def __init__(self, stream: bytes, source: Source) -> None:
        self.stream = stream
        self.source = source
        self.extent = Extent(source)
        self.names: list[str] = []
        self.hidden: dict[int, set[int]] = {}
        self.sheet = -1
        self.shared: list[bytes] = []
        """The table of shared texts and its continuations."""
        self.lengths: list[int] = []
        self.text_bytes = 0

    def read(self) -> None:
        """Go through all records; raises InputError."""
        before = 0
        for kind, at, size, row, column in self._records():
            if kind in _CELLS:
                if row >= self.extent.rows or column >= self.extent.columns or kind == _MUL_RK:
                    last = int.from_bytes(self.stream[at + size - 2 : at + size], "little")
                    self.extent.stretch(row + 1, 1 + (max(column, last) if kind == _MUL_RK else column))
                if kind == _LABEL_SST:
                    self._add_text(int.from_bytes(self.stream[at + 6 : at + 10], "little"))
            elif kind == _CONTINUE and before == _SST:
                self.shared.append(self.stream[at : at + size])
                continue
            else:
                self._take(kind, self.stream[at : at + size])
            before = kind

    def _records(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield kind, start, size, and the first two words of each record."""
        at, stream, end = 0, self.stream + bytes(_HEAD.size), len(self.stream)
        while at + 4 <= end:
            kind, size, row, column = _HEAD.unpack_from(stream, at)
            yield kind, at + 4, size, row, column
            at += 4 + size

    def _add_text(self, index: int) -> None:
        if not self.lengths:
            self.lengths = string_lengths(self.shared) or [0]
        self.text_bytes += self.lengths[index] if index < len(self.lengths) else 0
        check_cell_text(self.text_bytes, self.source)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _FILE_PASS:
            raise locked(self.source)
        if kind == _SST:
            self.shared = [body]
        elif kind == _BOF and int.from_bytes(body[2:4], "little") != _GLOBALS:
            self.sheet += 1
            self.extent.next_sheet()
        elif kind == _DIMENSIONS and len(body) >= _SIZE.size:
            self.extent.stretch(*_SIZE.unpack_from(body))
        elif kind == _BOUND_SHEET and len(body) > 8:
            wide = body[7] & 1
            self.names.append(body[8:].decode("utf-16-le" if wide else "latin-1", "replace"))
        elif kind == _ROW and len(body) > 12 and body[12] & _HIDDEN_ROW:
            self.hidden.setdefault(self.sheet, set()).add(int.from_bytes(body[:2], "little") + 1)


def string_lengths(parts: list[bytes]) -> list[int]:
    """Return the length in signs of each text of a shared table that goes on over several records."""
    lengths: list[int] = []
    part, at = 0, 8
    while part < len(parts):
        if at + 3 > len(parts[part]):
            at = max(0, at - len(parts[part]))
            part += 1
            continue
        body = parts[part]
        count, flags = int.from_bytes(body[at : at + 2], "little"), body[at + 2]
        at += 3
        extra = 0
        if flags & 0x08:  # formatting runs follow the signs
            extra += 4 * int.from_bytes(body[at : at + 2], "little")
            at += 2
        if flags & 0x04:  # phonetic data follow the signs
            extra += int.from_bytes(body[at : at + 4], "little")
            at += 4
        lengths.append(count)
        part, at = _after_signs(parts, part, at, count, 1 + (flags & 1))
        at += extra
    return lengths


def _after_signs(parts: list[bytes], part: int, at: int, count: int, width: int) -> tuple[int, int]:
    """Skip `count` signs; a text that runs on into the next record says its width there anew."""
    while part < len(parts) and at + count * width > len(parts[part]):
        count -= max(0, (len(parts[part]) - at) // width)
        part, at = part + 1, 1
        if part < len(parts):
            width = 1 + (parts[part][:1] != b"\0")
    return part, at + count * width
