"""Tables on pages: titles on every page, headed blocks that say so when they go on, rows of any height."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from lastmetre.papers.font import printable
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Type
from lastmetre.papers.parts import LEFT, STRONG, WIDTH, Flow
from lastmetre.terms import natural_key, say

PAD_X, PAD_Y = 1.0, 0.9
BOX_MM = 20.5
"""Room for `□ 1701 ×2`."""
TABLE = Type(9)
TITLE = Type(7.5, Weight.BOLD)
HEADING = Type(11, Weight.BOLD)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table; without a width it takes what the others leave."""

    title: str
    width: float | None = None
    style: Type = TABLE
    align: str = "left"
    tick: bool = False
    """An empty box in every row; such columns come last and have no cells."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """A cell of many small texts (room and quantity), each with a box to tick, in step with each other."""

    entries: tuple[str, ...]
    step_mm: float = BOX_MM
    """Width of one; longer ones take several."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A cell of several texts below each other, the first in the column's type, the others smaller."""

    texts: tuple[str, ...]


Cell = str | Lines | Boxes
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under a heading."""

    title: str
    rows: Sequence[Row]
    total: Sequence[str] = ()
    right: str = ""
    """At the right end of the heading: how many there must be."""


Line = list[tuple[float, str, Type]]
"""Texts of one line in a cell, with their distance from its left."""


def boxes(entries: Iterable[tuple[str, str]], step_mm: float = BOX_MM) -> Boxes:
    """Return a cell of rooms and quantities, the rooms in order."""
    found = sorted(entries, key=lambda entry: natural_key(entry[0]))
    return Boxes(tuple(f"□ {room} {quantity}" for room, quantity in found), step_mm)


def set_table(flow: Flow, columns: Sequence[Column], blocks: Sequence[Block], *, least_mm: float = 0) -> None:
    """Set a table; rows are at least `least_mm` high, and one higher than a page goes on on the next."""
    _Listing(flow, columns, least_mm).set(blocks)


class _Listing:
    def __init__(self, flow: Flow, columns: Sequence[Column], least_mm: float) -> None:
        taken = sum(column.width or 0 for column in columns)
        free = [column for column in columns if column.width is None]
        self.flow = flow
        self.columns = columns
        self.least_mm = least_mm
        self.widths = [column.width or (WIDTH - taken) / len(free) for column in columns]
        self.lefts = [LEFT + sum(self.widths[:place]) for place in range(len(columns))]
        self.block = Block("", [])

    def set(self, blocks: Sequence[Block]) -> None:
        self.flow.need(30)
        self._titles()
        self.flow.repeated.append(self._titles)
        for block in blocks:
            self.block = block
            rows = [[self._cell(place, cell) for place, cell in enumerate(row)] for row in block.rows]
            self.flow.need(self._heading_mm() + (self._row_mm(rows[0]) if rows else HEADING.line_mm))
            self._heading("")
            self.flow.repeated.append(self._again)
            for row in rows:
                self._row(row)
            if block.total:
                self._total(block.total)
            self.flow.repeated.pop()
        self.flow.repeated.pop()

    def _titles(self) -> None:
        page, y = self.flow.page, self.flow.y
        titles = [
            _title(column.title, width - 2 * PAD_X)
            for column, width in zip(self.columns, self.widths, strict=True)
        ]
        height = max(len(lines) for lines, _ in titles) * TITLE.line_mm + 1
        for place, (column, (lines, style)) in enumerate(zip(self.columns, titles, strict=True)):
            for number, words in enumerate(reversed(lines), start=1):
                left, width = self.lefts[place] + PAD_X, self.widths[place] - 2 * PAD_X
                top = y + height - 0.5 - number * TITLE.line_mm
                page.text(left, top, words, style, column.align, width)
        page.line(LEFT, y + height, WIDTH, thickness_pt=0.8)
        self.flow.y += height

    def _heading_mm(self) -> float:
        return HEADING.line_mm + 2.6 if self.block.title or self.block.right else 0

    def _again(self) -> None:
        self._heading(self.flow.edition.say(say("(continued)")))

    def _heading(self, again: str) -> None:
        if not self._heading_mm():
            return
        page, y = self.flow.page, self.flow.y + 1.6
        right = STRONG.fitted(self.block.right, WIDTH * 0.5, 7)
        title = f"{self.block.title} {again}".strip()
        left = HEADING.fitted(title, WIDTH - right.width_mm(printable(self.block.right)) - 5, 7)
        lines = left.lines(title, WIDTH - right.width_mm(printable(self.block.right)) - 5)
        page.text(LEFT + PAD_X, y, self.block.right, right, "right", WIDTH - 2 * PAD_X)
        for words in lines:
            page.text(LEFT + PAD_X, y, words, left)
            y += left.line_mm
        page.line(LEFT, y + 0.8, WIDTH, thickness_pt=0.8)
        self.flow.y = y + 0.8

    def _cell(self, place: int, cell: Cell) -> list[Line]:
        style, width = self.columns[place].style, self.widths[place] - 2 * PAD_X
        if isinstance(cell, Boxes):
            return _box_lines(cell, style, width)
        texts = cell.texts if isinstance(cell, Lines) else (cell,)
        lines: list[Line] = []
        for number, words in enumerate(texts):
            one = style if number == 0 else _below(style.size_pt)
            lines += [[(0.0, line, one)] for line in one.lines(words, width)]
        return lines

    def _row_mm(self, cells: Sequence[Sequence[Line]]) -> float:
        return max(self.least_mm, *map(_height, cells))

    def _row(self, cells: list[list[Line]]) -> None:
        """Set a row; one higher than a page goes on on the next."""
        while True:
            self.flow.need(self._row_mm(cells))
            fitting = [_fitting(lines, self.flow.room - 2 * PAD_Y) for lines in cells]
            self._draw_row([lines[:count] for lines, count in zip(cells, fitting, strict=True)])
            cells = [lines[count:] for lines, count in zip(cells, fitting, strict=True)]
            if not any(cells):
                return

    def _draw_row(self, cells: list[list[Line]]) -> None:
        page, top = self.flow.page, self.flow.y
        height = self._row_mm(cells)
        for place, lines in enumerate(cells):
            y = top + (height - _height(lines)) / 2 + PAD_Y
            for line in lines:
                for dx, words, style in line:
                    left, width = self.lefts[place] + PAD_X + dx, self.widths[place] - 2 * PAD_X - dx
                    page.text(left, y, words, style, self.columns[place].align, width)
                y += line[0][2].line_mm
        for place, column in enumerate(self.columns):
            if column.tick:
                page.line(self.lefts[place], top, height, down=True)
        if self.columns[-1].tick:
            page.line(LEFT + WIDTH, top, height, down=True)
        page.line(LEFT, top + height, WIDTH)
        self.flow.y += height

    def _total(self, total: Sequence[str]) -> None:
        cells: list[list[Line]] = []
        for place, words in enumerate(total):
            style = self.columns[place].style.black()
            lines = style.lines(words, self.widths[place] - 2 * PAD_X)
            cells.append([[(0.0, line, style)] for line in lines])
        self._row(cells)


@cache
def _below(size_pt: float) -> Type:
    """Return the type of a cell's second and later texts."""
    return Type(round(size_pt * 0.9, 1))


def _title(title: str, width: float) -> tuple[list[str], Type]:
    """Break a column's title at its line ends and spaces, smaller where a word is wider than the column."""
    longest = max(title.split(), key=TITLE.width_mm, default="")
    style = TITLE.fitted(longest, width, 5) if longest.isascii() else TITLE
    return [line for words in title.split("\n") for line in style.lines(words, width) if line], style


def _height(lines: Sequence[Line]) -> float:
    return sum(line[0][2].line_mm for line in lines) + 2 * PAD_Y


def _fitting(lines: Sequence[Line], room: float) -> int:
    """Return how many lines fit, at least one."""
    used = 0.0
    for count, line in enumerate(lines):
        used += line[0][2].line_mm
        if used > room:
            return max(count, 1)
    return len(lines)


def _box_lines(cell: Boxes, style: Type, width: float) -> list[Line]:
    """Lay entries out in steps; one longer than a line is broken like any text."""
    steps = max(1, int(width / cell.step_mm))
    lines: list[Line] = []
    taken = steps
    for entry in map(printable, cell.entries):
        wanted = math.ceil((style.width_mm(entry) + 1) / cell.step_mm)
        if wanted > steps:
            lines += [[(0.0, words, style)] for words in style.lines(entry, width)]
            taken = steps
            continue
        if taken + wanted > steps:
            lines.append([])
            taken = 0
        lines[-1].append((taken * cell.step_mm, entry, style))
        taken += wanted
    return lines
