"""Numbered order sheets: a page a stairwell with a line a door and a column a good, to be written on by hand.

No name and no phone stands on them: they hang in stairwells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Page, Type
from lastmetre.papers.typeset import PAGES_A_JOB, executor, set_pages
from lastmetre.terms import Translate, say, untranslated

LEFT, WIDTH = 12.0, 186.0
ROOM_MM, LEAST_GOOD_MM = 22.0, 8.0
TOP, LINE_MM = 82.0, 6.6
LEGEND_COLUMNS = 3
MOST_GOODS = 18
"""Columns that can still be written in; further goods are listed, and written in the last column."""

TITLE, WHERE, ROOM, CODE = (
    Type(13),
    Type(17, Weight.BOLD),
    Type(12, Weight.BOLD),
    Type(12, Weight.BLACK),
)
SMALL = Type(8.5)


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """One sheet: its number, the stairwell, the rooms in their order."""

    number: int
    where: str
    rooms: tuple[str, ...]


def order_sheets(
    sheets: Sequence[OrderSheet],
    goods: Sequence[tuple[str, str]],
    *,
    title: str,
    translate: Translate = untranslated,
) -> list[bytes]:
    """Typeset sheets; `goods` are (code, name and price). Returns PDFs of PAGES_A_JOB pages each."""
    pages = [_page(sheet, goods, title, translate) for sheet in sheets]
    jobs = [pages[start : start + PAGES_A_JOB] for start in range(0, len(pages), PAGES_A_JOB)]
    with executor(1) as pool:
        return [pool.submit(set_pages, job).result() for job in jobs]


def _page(sheet: OrderSheet, goods: Sequence[tuple[str, str]], title: str, translate: Translate) -> Page:
    page = Page()
    page.number_box(LEFT, 10, 34, 24, str(sheet.number), say("Sheet").text(translate))
    beside = WIDTH - 40
    page.text(LEFT + 40, 11, sheet.where, WHERE.fitted(sheet.where, beside, 10))
    page.text(LEFT + 40, 20, title, TITLE.fitted(title, beside, 8))
    how = say("Write how many in the box. An empty line orders nothing. Give it back to your building head.")
    page.text(LEFT + 40, 28, how.text(translate), SMALL.fitted(how.text(translate), beside, 6))
    _legend(page, goods)
    _grid(
        page,
        sheet,
        goods[:MOST_GOODS],
        say("Other, or a remark").text(translate),
        say("Room").text(translate),
    )
    return page


def _legend(page: Page, goods: Sequence[tuple[str, str]]) -> None:
    wide = WIDTH / LEGEND_COLUMNS
    rows = -(-len(goods) // LEGEND_COLUMNS)
    step = min(6.0, 38.0 / max(rows, 1))
    for place, (code, name) in enumerate(goods):
        column, row = divmod(place, max(rows, 1))
        x, y = LEFT + column * wide, 40 + row * step
        page.text(x, y, code, SMALL.black())
        page.text(x + 10, y, name, SMALL.fitted(name, wide - 12, 5))


def _grid(page: Page, sheet: OrderSheet, goods: Sequence[tuple[str, str]], other: str, room: str) -> None:
    columns = len(goods)
    note = max(28.0, WIDTH - ROOM_MM - columns * 14)
    wide = max(LEAST_GOOD_MM, (WIDTH - ROOM_MM - note) / max(columns, 1))
    lefts = [LEFT + ROOM_MM + place * wide for place in range(columns)]
    line = min(LINE_MM + 1, (297 - TOP - 14) / (len(sheet.rooms) + 1))
    page.text(LEFT + 1, TOP + 1, room, SMALL)
    for x, (code, _) in zip(lefts, goods, strict=True):
        page.text(x, TOP + 0.8, code, CODE.fitted(code, wide - 1, 6), "center", wide)
    last = LEFT + ROOM_MM + columns * wide
    page.text(last + 1, TOP + 1, other, SMALL)
    for number, name in enumerate(sheet.rooms, start=1):
        y = TOP + number * line
        page.text(LEFT + 1, y + 0.8, name, ROOM.fitted(name, ROOM_MM - 2, 7))
    for number in range(len(sheet.rooms) + 1):
        y = TOP + number * line
        page.box(LEFT, y, ROOM_MM, line, thickness_pt=0.4)
        for x in lefts:
            page.box(x, y, wide, line, thickness_pt=0.4)
        page.box(last, y, LEFT + WIDTH - last, line, thickness_pt=0.4)
