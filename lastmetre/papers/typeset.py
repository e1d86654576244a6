"""Typesetting: pages in, PDF out, in this process or in workers (reason 011)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import typst
import zxingcpp

from lastmetre.papers import font
from lastmetre.papers.pages import Page

TEMPLATE = Path(__file__).with_name("pages.typ")

PAGES_A_JOB = 24
"""Pages that share the embedded font of one typst run: fewer make the file larger, more the memory."""

FORGETTING_RUNS = 10
"""Typst forgets what it computed after this many runs; until then its memory grows."""

Job = Sequence[Page]
Typesetter = Callable[[Sequence[Job]], Iterator[bytes]]
"""Sets jobs and yields their PDFs in order."""


def jobs(pages: Sequence[Page]) -> list[Job]:
    """Divide pages into runs of typst."""
    return [pages[start : start + PAGES_A_JOB] for start in range(0, len(pages), PAGES_A_JOB)]


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.FOLDER)]
    )
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts)


def set_pages(pages: Job) -> bytes:
    """Return the PDF of some pages."""
    # User text reaches typst as JSON only, never as its source.
    data = json.dumps([page.drawn(qr_svg) for page in pages], ensure_ascii=False, separators=(",", ":"))
    compiler = _compiler()
    pdf = compiler.compile(
        str(TEMPLATE), format="pdf", sys_inputs={"job": data}, pdf_tags=False, timestamp=0
    )
    for number in range(FORGETTING_RUNS):  # reason 011: a worker stays small, however many jobs it gets
        compiler.compile(b"", format="pdf", sys_inputs={"job": str(number)})
    return bytes(pdf)


def qr_svg(content: str) -> str:
    """Draw a QR code that stands a quarter of it being smeared; 16 characters make 21 x 21 squares."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return str(code.to_svg(add_quiet_zones=False))


@contextmanager
def typesetter(workers: int) -> Iterator[Typesetter]:
    """Give a typesetter: in this process for one worker, else in that many processes of its own."""
    if workers <= 1:
        yield lambda found: map(set_pages, found)
        return
    # Spawned, not forked: the caller may have threads, and Windows and macOS know nothing else.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for _ in range(workers):
            pool.submit(_warm_up)  # they start while the caller lays out
        yield lambda found: pool.map(set_pages, found)


def _warm_up() -> None:
    """Load the font, so that the first job does not wait for it."""
    _compiler()
    font.coverage()
