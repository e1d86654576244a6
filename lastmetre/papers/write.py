"""The papers of one round: a PDF pack, label PDFs, a workbook and CSV files, in one folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from lastmetre.papers import pdf, sheets
from lastmetre.papers.edition import Edition
from lastmetre.papers.label_pages import SIZES, label_pages
from lastmetre.papers.pack import LabelKind, LabelPer, Pack, PhoneKind
from lastmetre.papers.parts import Part, number_pages
from lastmetre.papers.tables import Table
from lastmetre.papers.typeset import jobs, typesetter
from lastmetre.papers.workbook import write_csv, write_workbook
from lastmetre.terms import Sentence, Translate, say, untranslated

Progress = Callable[[int, int], None]
"""Told how many steps are done, of how many."""

ALL = say("All sheets")


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

    `workers` is the number of processes that typeset; with 1 this process does it. A caller that wants all
    or nothing writes into a folder of its own and renames it. Raises OSError where it cannot write.
    """
    edition = Edition(pack, translate, phone, name_masked)
    with typesetter(workers) as typeset:
        parts = sheets.parts(edition)
        documents = [number_pages(edition, parts), *(label_pages(edition, kind, label_per) for kind in labels)]
        runs = [jobs(pages) for pages in documents]
        typeset_pages = typeset([job for run in runs for job in run])
        # While the workers typeset, this process writes the rows.
        tables = sheets.tables(edition)
        step = _steps(sum(map(len, runs)) + len(tables), progress)
        rows = list(_write_rows(edition, folder, tables, step))
        pdfs = [[step(one) for one in islice(typeset_pages, len(run))] for run in runs]
    written = [_join(edition, folder, ALL, pdfs[0], _bookmarks(parts))]
    written += [
        _join(edition, folder, _label_title(kind), found)
        for kind, found in zip(labels, pdfs[1:], strict=True)
    ]
    return written + rows


def _steps(total: int, progress: Progress | None) -> Callable[[bytes], bytes]:
    """Return a function that counts a step and hands on what was made in it."""
    count = 0

    def step(made: bytes) -> bytes:
        nonlocal count
        count += 1
        if progress:
            progress(count, total)
        return made

    return step


def _write_rows(
    edition: Edition, folder: Path, tables: Sequence[Table], step: Callable[[bytes], bytes]
) -> Iterator[Path]:
    workbook = folder / f"{_file_name(edition.say(ALL))}.xlsx"
    write_workbook(workbook, tables, edition.translate)
    yield workbook
    (folder / "csv").mkdir(exist_ok=True)
    for number, table in enumerate(tables, start=1):
        path = folder / "csv" / f"{number:02d} {_file_name(edition.say(table.title))}.csv"
        write_csv(path, table, edition.translate)
        step(b"")
        yield path


def _bookmarks(parts: Sequence[Part]) -> list[pdf.Bookmark]:
    found = []
    page = 0
    for part in parts:
        found.append((f"{part.sheet} {part.name}".strip(), page))
        page += len(part.pages)
    return found


def _join(
    edition: Edition,
    folder: Path,
    title: Sentence,
    pdfs: Sequence[bytes],
    bookmarks: Sequence[pdf.Bookmark] = (),
) -> Path:
    name = edition.say(title)
    path = folder / f"{_file_name(name)}.pdf"
    whole_title = " ".join(part for part in (edition.pack.compound, edition.pack.title, name) if part)
    pdf.join(path, pdfs, title=whole_title, bookmarks=bookmarks)
    return path


def _label_title(kind: LabelKind) -> Sentence:
    size = SIZES[kind]
    return say("Labels {width} x {height} mm", width=f"{size.width:g}", height=f"{size.height:g}")


def _file_name(title: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", title).strip(" .")
