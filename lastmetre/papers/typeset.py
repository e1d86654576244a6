"""Typesetting: pages in, PDF out, in this process or in workers (reason 011)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import typst
import zxingcpp

from lastmetre.papers import font
from lastmetre.papers.pages import Page

TEMPLATE = Path(__file__).with_name("pages.typ")

PAGES_A_JOB = 24
"""Pages that share the embedded font of one typst run: fewer make the file larger, more the memory."""

FORGETTING_RUNS = 10
"""Typst forgets what it computed after this many runs; until then its memory grows."""

P = ParamSpec("P")
T = TypeVar("T")


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.FOLDER)]
    )
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts)


def set_pages(pages: Sequence[Page]) -> bytes:
    """Return the PDF of some pages."""
    # User text reaches typst as JSON only, never as its source.
    data = json.dumps([page.drawn(qr_svg) for page in pages], ensure_ascii=False, separators=(",", ":"))
    compiler = _compiler()
    pdf = compiler.compile(str(TEMPLATE), format="pdf", sys_inputs={"job": data}, pdf_tags=False, timestamp=0)
    for number in range(FORGETTING_RUNS):  # reason 011: a worker stays small, however many jobs it gets
        compiler.compile(b"", format="pdf", sys_inputs={"job": str(number)})
    assert isinstance(pdf, bytes)  # a list only for formats of one file a page
    return pdf


def set_picture(page: Page, *, dots_per_inch: int = 110) -> bytes:
    """Return one page as PNG, to be sent into a chat."""
    data = json.dumps([page.drawn(qr_svg)], ensure_ascii=False, separators=(",", ":"))
    picture = _compiler().compile(
        str(TEMPLATE), format="png", sys_inputs={"job": data}, ppi=float(dots_per_inch)
    )
    assert isinstance(picture, bytes)
    return picture


def qr_svg(content: str) -> str:
    """Draw a QR code that stands a quarter of it being smeared; 16 characters make 21 x 21 squares."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return str(code.to_svg(add_quiet_zones=False))


def qr_lines(content: str) -> list[str]:
    """Draw a QR code for a terminal that writes dark on light: two squares, one above the other, a character."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=True)
    squares: Any = memoryview(image).tolist()
    squares += [[255] * len(squares[0])] * (len(squares) % 2)
    return [
        "".join(" ▄▀█"[2 * (upper == 0) + (lower == 0)] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(squares[::2], squares[1::2], strict=True)
    ]


def executor(workers: int) -> Executor:
    """Return what runs the jobs: this process for one worker, else so many processes of its own."""
    if workers <= 1:
        return _Here()
    # Spawned, not forked: the caller may have threads, and Windows and macOS know nothing else.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_warm_up)


class _Here(Executor):
    """Runs a job at once, in this process."""

    def submit(self, run: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(run(*args, **kwargs))
        return done


def _warm_up() -> None:
    """Load the font, so that the first job does not wait for it."""
    _compiler()
