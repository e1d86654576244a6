"""Parts: what one person is handed of a sheet (a cart's, a building's), as data for the typesetter.

A part starts on its own page and counts its own pages, so that who holds it sees that it is whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lastmetre.terms import natural_key

FLOW_ROWS = 400
"""Rows after which a sheet that flows over building after building goes on as another part."""

BOX_MM = 20.5
"""Width of one `□ 1701 ×2`; longer ones take several."""

EM_MM = 3.2
"""Width of a Chinese character at the tables' 9 pt."""

Line = list[Any]
"""Cells of one row: a text, a list of lines, or `boxes(...)`."""


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column of a printed table; without a width it takes what is left."""

    title: str
    width_mm: float | None = None
    align: str = "left"
    size_pt: float = 9
    bold: bool = False
    tick: bool = False
    """An empty box in every row; tick columns come last and have no cells of their own."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under a heading that is repeated on every page they reach."""

    title: str
    rows: list[Line]
    total: Line = field(default_factory=list)
    right: str = ""
    """At the right end of the heading: how many there must be."""

    @property
    def weight(self) -> int:
        """Return about how many table rows it costs to set."""
        return len(self.rows) + sum(len(cell["boxes"]) // 5 for row in self.rows for cell in row if _is_boxes(cell))


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together."""

    sheet: str
    name: str
    """Whose part it is; '' where the sheet is one."""
    kind: str
    """The function of `sheets.typ` that draws it."""
    body: dict[str, Any]
    weight: int


def table_part(
    sheet: str,
    name: str,
    columns: Sequence[PaperColumn],
    blocks: Sequence[Block],
    *,
    kind: str = "listing",
    **more: Any,
) -> Part:
    """Build a part that is a table, with what else its kind prints."""
    body = {
        "columns": [
            {
                "title": one.title,
                "width": one.width_mm,
                "align": one.align,
                "size": one.size_pt,
                "bold": one.bold,
                "tick": one.tick,
            }
            for one in columns
        ],
        "blocks": [
            {"title": block.title, "right": block.right, "rows": block.rows, "total": block.total}
            for block in blocks
        ],
        **more,
    }
    return Part(sheet, name, kind, body, sum(block.weight for block in blocks) + 10)


def flow(sheet: str, columns: Sequence[PaperColumn], blocks: Iterable[Block], **more: Any) -> list[Part]:
    """Set blocks one after another; a long sheet in several parts, each named by its first and last block."""
    runs: list[list[Block]] = [[]]
    for block in blocks:
        if runs[-1] and sum(one.weight for one in runs[-1]) + block.weight > FLOW_ROWS:
            runs.append([])
        runs[-1].append(block)
    return [
        table_part(sheet, _run_name(run) if len(runs) > 1 else "", columns, run, **more) for run in runs if run
    ]


def _run_name(run: list[Block]) -> str:
    return run[0].title if len(run) == 1 else f"{run[0].title} – {run[-1].title}"


def boxes(entries: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, int]]]:
    """Return a cell of many small entries (room, quantity with its note), each with a box to tick."""
    found = []
    for room, quantity in sorted(entries, key=lambda entry: natural_key(entry[0])):
        words = f"□ {room} {quantity}"
        width = sum(0.6 if sign.isascii() else 1 for sign in words) * EM_MM
        found.append((words, math.ceil((width + 1) / BOX_MM)))
    return {"boxes": found}


def _is_boxes(cell: Any) -> bool:
    return isinstance(cell, dict)
