"""How much a file may ask of the machine, and why; refusals that several checks share (trust.md 15)."""

from __future__ import annotations

from dataclasses import dataclass

from lastmetre.terms import InputError, Source, say

MAX_WORKBOOK_BYTES = 20_000_000
"""A workbook of 10,000 orders packs to about 2 MB; pasted screenshots add the rest."""
MAX_XLS_BYTES = 12_000_000
"""500,000 cells of an old workbook; its reader takes a second for 4 MB."""
MAX_TEXT_BYTES = 10_000_000
"""A chain of 10,000 entries is about 1 MB; 50 MB of text is a mistake."""
MAX_YAML_BYTES = 2_000_000
"""A compound of 10,000 households is about 1 MB."""
MAX_EXPANDED_BYTES = 64_000_000
"""20,000 rows of the 24 columns of 快团团 expand to 30 MB; pictures come on top."""
MAX_EXPANSION_RATIO = 250
"""Sheets pack 10 to 50 times; bombs 1,000 times."""
RATIO_FREE_BYTES = 2_000_000
"""Below this, a high ratio is only a small sheet that repeats itself."""
MAX_ENTRIES = 1_000
"""Parts of a packed workbook: sheets, styles, pictures."""
MAX_ROWS = 60_000
"""Of one sheet: 20,000 orders of three goods."""
MAX_COLUMNS = 1_024
"""LibreOffice writes formatted empty columns up to here; no person uses more."""
MAX_CELLS = 500_000
"""Rows times columns of all sheets: 20,000 rows of 快团团, some 12,000 orders, in 200 MB of memory."""
MAX_CELL_TEXT_BYTES = 40_000_000
"""Text of all cells: a text stored once is held again for each cell that shows it."""

SMALLER_FILE = say("Delete the empty rows and columns around the table, or split it into smaller files.")
SAVE_AGAIN = say("Open it in Excel or WPS and save it again as .xlsx.")


@dataclass(slots=True)
class Extent:
    """What all sheets of a workbook will ask of the parser, refused as soon as it is too much."""

    source: Source
    rows: int = 0
    columns: int = 0
    earlier_cells: int = 0
    """Cells of the sheets before this one."""

    def next_sheet(self) -> None:
        """Begin a new sheet."""
        self.earlier_cells += self.rows * self.columns
        self.rows = self.columns = 0

    def stretch(self, row: int, column: int) -> None:
        """Include a cell (1-based) of the present sheet; raises InputError beyond the limits."""
        if row <= self.rows and column <= self.columns:
            return
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        cells = self.earlier_cells + self.rows * self.columns
        for found, limit, what in (
            (self.rows, MAX_ROWS, say("A sheet has more than {limit} rows.", limit=MAX_ROWS)),
            (self.columns, MAX_COLUMNS, say("A sheet has more than {limit} columns.", limit=MAX_COLUMNS)),
            (cells, MAX_CELLS, say("The workbook has more than {limit} cells.", limit=MAX_CELLS)),
        ):
            if found > limit:
                raise InputError(what, remedy=SMALLER_FILE, source=self.source)


def check_cell_text(size_bytes: int, source: Source) -> None:
    """Refuse a workbook whose cells together would hold too much text; raises InputError."""
    if size_bytes > MAX_CELL_TEXT_BYTES:
        raise InputError(
            say(
                "The cells hold {size} MB of text: far more than a list of orders.", size=size_bytes // 10**6
            ),
            remedy=SMALLER_FILE,
            source=source,
        )


def too_big(limit_bytes: int, source: Source) -> InputError:
    """Build the refusal of a file by its size."""
    return InputError(
        say("The file is larger than {limit} MB.", limit=limit_bytes // 10**6),
        remedy=say("Give only the part with the orders, without pictures."),
        source=source,
    )


def damaged(source: Source) -> InputError:
    """Build the refusal of a workbook that breaks its own format."""
    return InputError(say("This workbook is damaged."), remedy=SAVE_AGAIN, source=source)


def unusual(source: Source) -> InputError:
    """Build the refusal of a workbook written as no spreadsheet program writes it."""
    return InputError(say("This workbook is written in an unusual way."), remedy=SAVE_AGAIN, source=source)


def locked(source: Source) -> InputError:
    """Build the refusal of an encrypted workbook."""
    return InputError(
        say("This workbook is locked with a password."),
        remedy=say("Open it, take the password away and save it again."),
        source=source,
    )


def no_workbook(source: Source) -> InputError:
    """Build the refusal of a file that is something else."""
    return InputError(
        say("This file is not a workbook."),
        remedy=say("Give an .xlsx, .xls, .ods or .csv file; a table in another program can be saved as one."),
        source=source,
    )
