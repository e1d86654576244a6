"""Joining what was typeset: one PDF with bookmarks, no dates, and no scaling when it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Name, OutlineItem

Bookmark = tuple[str, int]
"""A part's name and its first page, from 0."""


def part_pages(pdfs: Sequence[bytes]) -> tuple[list[Bookmark], int]:
    """Return where each part lies in the typeset PDFs when they are put together, and how many pages those are."""
    found: list[Bookmark] = []
    before = 0
    for data in pdfs:
        with pikepdf.open(BytesIO(data)) as pdf:
            found += [(title, before + page) for title, page in _bookmarks(pdf)]
            before += len(pdf.pages)
    return found, before


def _bookmarks(pdf: pikepdf.Pdf) -> list[Bookmark]:
    """Read a typeset PDF's headings: one a part."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        return [(str(item.title), numbers[item.destination[0].objgen]) for item in outline.root]


def join(path: Path, pdfs: Sequence[bytes], *, title: str, bookmarks: Sequence[Bookmark] = ()) -> None:
    """Write one PDF of several. The same input gives the same bytes."""
    with pikepdf.new() as whole:
        for data in pdfs:
            with pikepdf.open(BytesIO(data)) as part:
                whole.pages.extend(part.pages)
        with whole.open_outline() as outline:
            outline.root.extend(OutlineItem(name, page) for name, page in bookmarks)
        whole.docinfo[Name.Title] = title
        # Labels must meet their sheet: "fit to page" would shrink them.
        whole.Root.ViewerPreferences = pikepdf.Dictionary(PrintScaling=Name("/None"), DisplayDocTitle=True)
        whole.remove_unreferenced_resources()
        whole.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
