"""The papers of one round: a PDF pack, label PDFs, a workbook and CSV files, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path

from lastmetre.papers import pdf
from lastmetre.papers.edition import Edition
from lastmetre.papers.label_pages import SIZES, label_pages
from lastmetre.papers.pack import LabelKind, LabelPer, Pack, PhoneKind
from lastmetre.papers.pages import Page
from lastmetre.papers.parts import number_pages
from lastmetre.papers.sheets import SHEETS, Sheet, tables
from lastmetre.papers.summary import SUMMARY, summary_part
from lastmetre.papers.typeset import PAGES_A_JOB, executor, set_pages
from lastmetre.papers.workbook import file_name, write_rows
from lastmetre.terms import Sentence, Translate, say, untranslated

Progress = Callable[[int, int], None]
"""Told how many steps are done, of how many."""

ALL = say("All sheets")
SMALL_MM = 60
"""Height of a page that is one label."""


def write_pack(
    pack: Pack,
    folder: Path,
    *,
    labels: Sequence[LabelKind] = (LabelKind.SHEET,),
    label_per: LabelPer = LabelPer.HOUSEHOLD,
    phone: PhoneKind = PhoneKind.TAIL,
    name_masked: bool = True,
    translate: Translate = untranslated,
    workers: int = 2,
    progress: Progress | None = None,
) -> list[Path]:
    """Write all papers of a pack into an existing folder and return the files, the PDF pack first.

    `workers` is the number of processes that typeset while this one lays out; with 1 it does both. A caller
    that wants all or nothing writes into a folder of its own and renames it. Raises OSError where it
    cannot write.
    """
    edition = Edition(pack, translate, phone, name_masked)
    labels = labels if pack.bags else ()
    step = _steps(len(SHEETS) + 2 * len(labels) + 2, progress)
    with executor(workers) as pool, _cancelled_on_failure(pool):
        rows = pool.submit(write_rows, folder, file_name(edition.say(ALL)), tables(edition))
        runs = []
        for kind in labels:
            runs.append(_Run(pool, label_pages(edition, kind, label_per)))
            step()
        written = [_write_sheets(edition, folder, pool, step)]
        for kind, run in zip(labels, runs, strict=True):
            written.append(_join(edition, folder, _label_title(kind), run.pdfs()))
            step()
        written += rows.result()
        step()
    return written


def sheet_pdf(edition: Edition, sheets: Sequence[Sheet], *, workers: int = 1) -> bytes:
    """Return some sheets as one PDF, each part counting its own pages; b"" where none has a row."""
    pages: list[Page] = []
    for part in (part for sheet in sheets for part in sheet.parts(edition)):
        pages += number_pages(edition, part, len(pages) + 1)
    title = "、".join(edition.say(sheet.title) for sheet in sheets)
    return _set(edition, pages, title, workers)


def labels_pdf(
    edition: Edition, kind: LabelKind, per: LabelPer = LabelPer.HOUSEHOLD, *, workers: int = 1
) -> bytes:
    """Return the labels of one size as PDF; b"" where there is no bag."""
    return _set(edition, label_pages(edition, kind, per), edition.say(_label_title(kind)), workers)


def _set(edition: Edition, pages: Sequence[Page], title: str, workers: int) -> bytes:
    if not pages:
        return b""
    # Starting a worker takes longer than setting some pages here.
    with executor(workers if len(pages) > 4 * PAGES_A_JOB else 1) as pool, _cancelled_on_failure(pool):
        pdfs = _Run(pool, pages).pdfs()
    return pdf.joined(pdfs, title=f"{edition.round_name} · {title}")


@contextmanager
def _cancelled_on_failure(pool: Executor) -> Iterator[None]:
    """Drop the jobs that wait when something goes wrong or is interrupted, instead of finishing them first."""
    try:
        yield
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise


def _steps(total: int, progress: Progress | None) -> Callable[[], None]:
    """Return a function that counts a step and tells who wants to know."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if progress:
            progress(count, total)

    return step


class _Run:
    """Pages on their way through the typesetters, gathered into jobs as they come."""

    def __init__(self, pool: Executor, pages: Sequence[Page] = ()) -> None:
        self._pool = pool
        self._waiting: list[Page] = []
        self._futures: list[Future[bytes]] = []
        self.add(pages)

    def add(self, pages: Sequence[Page]) -> None:
        self._waiting += pages
        # The labels of a roll are small: more of them share a font, and are set a third faster.
        at_once = PAGES_A_JOB if not pages or pages[0].height > SMALL_MM else 4 * PAGES_A_JOB
        while len(self._waiting) >= at_once:
            self._submit(at_once)

    def _submit(self, count: int) -> None:
        self._futures.append(self._pool.submit(set_pages, self._waiting[:count]))
        del self._waiting[:count]

    def pdfs(self) -> list[bytes]:
        """Return the PDFs in order, once all are set."""
        if self._waiting:
            self._submit(len(self._waiting))
        return [future.result() for future in self._futures]


def _write_sheets(edition: Edition, folder: Path, pool: Executor, step: Callable[[], None]) -> Path:
    """Lay out sheet after sheet, and the summary, which says where they lie, last."""
    titles = [edition.say(sheet.title) for sheet in SHEETS]
    # The summary has a line for every sheet, so its length is known before their pages are.
    page = 1 + len(summary_part(edition, [(title, "") for title in titles]).pages)
    run = _Run(pool)
    bookmarks = [(edition.say(SUMMARY), 0)]
    contents = []
    for sheet, title in zip(SHEETS, titles, strict=True):
        first = page
        for part in sheet.parts(edition):
            bookmarks.append((f"{part.sheet} {part.name}".strip(), page - 1))
            run.add(number_pages(edition, part, page))
            page += len(part.pages)
        contents.append((title, _page_range(first, page - 1)))
        step()
    summary = _Run(pool, number_pages(edition, summary_part(edition, contents), 1))
    path = _join(edition, folder, ALL, summary.pdfs() + run.pdfs(), bookmarks)
    step()
    return path


def _page_range(first: int, last: int) -> str:
    if last < first:
        return "-"
    return str(first) if first == last else f"{first}-{last}"


def _join(
    edition: Edition,
    folder: Path,
    title: Sentence,
    pdfs: Sequence[bytes],
    bookmarks: Sequence[pdf.Bookmark] = (),
) -> Path:
    name = edition.say(title)
    path = folder / f"{file_name(name)}.pdf"
    pdf.join(path, pdfs, title=f"{edition.round_name} · {name}", bookmarks=bookmarks)
    return path


def _label_title(kind: LabelKind) -> Sentence:
    size = SIZES[kind]
    return say("Labels {width} x {height} mm", width=f"{size.width:g}", height=f"{size.height:g}")
