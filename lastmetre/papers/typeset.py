"""Typesetting: data and a template in, PDF pages out, in worker processes (reason 011)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import typst
import zxingcpp

from lastmetre.papers import font

TEMPLATES = Path(__file__).parent

CACHED_COMPILATIONS = 10
"""Typst forgets what it computed after this many compilations; until then its memory grows."""

Typesetter = Callable[[Sequence["Job"]], Iterator[bytes]]
"""Sets jobs and yields their PDFs in order."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code in a job's data, drawn in the worker."""

    content: str

    def svg(self) -> str:
        """Draw it as squares; it stands a quarter of it being smeared, and 16 characters make 21 x 21."""
        code = zxingcpp.create_barcode(self.content, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        return str(code.to_svg(add_quiet_zones=False))


@dataclass(frozen=True, slots=True)
class Job:
    """Pages that are set in one go."""

    template: str
    data: Any
    """What the template reads, for JSON; user text goes nowhere else (never into typst source)."""


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.FOLDER)]
    )
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts)


def set_pages(job: Job) -> bytes:
    """Return the PDF of one job; characters that the font lacks are set as 〓."""
    compiler = _compiler()
    data = json.dumps(_printable(job.data), ensure_ascii=False, separators=(",", ":"))
    pdf = compiler.compile(
        str(TEMPLATES / job.template), format="pdf", sys_inputs={"job": data}, pdf_tags=False, timestamp=0
    )
    for number in range(CACHED_COMPILATIONS):  # reason 011: keeps a worker near 150 MB instead of 900
        compiler.compile(b"", format="pdf", sys_inputs={"job": str(number)})
    return bytes(pdf)


def _printable(data: Any) -> Any:
    """Make all texts printable and draw all QR codes, wherever they stand in the data."""
    match data:
        case QrCode():
            return data.svg()
        case str():
            return font.printable(data)
        case list() | tuple():
            return [_printable(value) for value in data]
        case dict():
            return {key: _printable(value) for key, value in data.items()}
    return data


def _warm_up() -> None:
    """Load the font, so that the first job does not wait for it."""
    _compiler()
    font.coverage()


@contextmanager
def typesetter(workers: int) -> Iterator[Typesetter]:
    """Give a typesetter: in this process for one worker, else in that many processes of its own."""
    if workers <= 1:
        yield lambda jobs: map(set_pages, jobs)
        return
    # Spawned, not forked: the caller may have threads, and Windows and macOS know nothing else.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for _ in range(workers):
            pool.submit(_warm_up)  # they start while the caller gathers the jobs
        yield lambda jobs: pool.map(set_pages, jobs)
