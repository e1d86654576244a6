"""Joining what was typeset: one PDF with bookmarks, no dates, and no scaling when it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a part begins."""

    title: str
    page: int
    """From 0."""


def bookmarks(pdf: pikepdf.Pdf) -> list[Bookmark]:
    """Return where each part of a typeset PDF begins: its headings, in order."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        return [
            Bookmark(str(item.title), numbers[item.destination[0].objgen])
            for item in outline.root
            if item.destination is not None
        ]
