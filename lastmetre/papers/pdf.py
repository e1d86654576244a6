"""Joining what was typeset: one PDF with bookmarks, no dates, and no scaling when it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Name, OutlineItem

Bookmark = tuple[str, int]
"""A part's name and its first page, from 0."""


def joined(pdfs: Iterable[bytes], *, title: str) -> bytes:
    """Return one PDF of several, to be sent instead of written to a folder."""
    written = BytesIO()
    join(written, pdfs, title=title)
    return written.getvalue()


def join(
    path: Path | BytesIO, pdfs: Iterable[bytes], *, title: str, bookmarks: Iterable[Bookmark] = ()
) -> None:
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
        whole.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
