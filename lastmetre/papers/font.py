"""The font of all papers: Noto Sans CJK, a variable font that ships as a Python package (reason 010)."""

from __future__ import annotations

import mmap
import struct
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import manimgx_fonts_cjk

FOLDER = Path(manimgx_fonts_cjk.__file__).parent
FILE = FOLDER / "NotoSansCJK-VF.otf.ttc"

MISSING_SIGN = "〓"
"""What typesetters set where they have no type for a character."""


@cache
def coverage() -> frozenset[int]:
    """Return the code points that the font can draw (its `cmap`; all faces of the file share one set)."""
    with FILE.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        (face,) = struct.unpack_from(">I", data, 12)
        (tables,) = struct.unpack_from(">H", data, face + 4)
        records = (struct.unpack_from(">4sIII", data, face + 12 + 16 * index) for index in range(tables))
        cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
        return frozenset(_code_points(data, cmap))


def _code_points(data: mmap.mmap, cmap: int) -> set[int]:
    points: set[int] = set()
    (subtables,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(subtables):
        (offset,) = struct.unpack_from(">I", data, cmap + 8 + 8 * index)
        start = cmap + offset
        (kind,) = struct.unpack_from(">H", data, start)
        if kind == 12:  # segmented coverage: the full Unicode range
            (groups,) = struct.unpack_from(">I", data, start + 12)
            for first, last, _ in struct.iter_unpack(">III", data[start + 16 : start + 16 + 12 * groups]):
                points.update(range(first, last + 1))
    return points


def is_unseen(sign: str) -> bool:
    """Tell whether a character leaves no mark on paper: controls, joiners, variation selectors."""
    point = ord(sign)
    selector = 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
    return selector or unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"}


def missing_signs(text: str) -> set[str]:
    """Return the characters of a text that the font cannot draw."""
    return {sign for sign in set(text) if ord(sign) not in coverage() and not is_unseen(sign)}


class _PrintableSigns(dict[int, str]):
    """For str.translate: what each character is printed as, worked out when it first comes."""

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        if sign in "\t\n\r\v\f\x85\u2028\u2029":
            printed = " "
        elif is_unseen(sign):
            printed = ""
        else:
            printed = sign if point in coverage() else MISSING_SIGN
        self[point] = printed
        return printed


_PRINTABLE_SIGNS = _PrintableSigns()


@lru_cache(50_000)
def printable(text: str) -> str:
    """Return a text that the font can draw: 〓 where it has no glyph, one line, nothing unseen."""
    return text.translate(_PRINTABLE_SIGNS)
