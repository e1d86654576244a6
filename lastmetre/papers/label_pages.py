"""Labels laid out: home and cart large, nothing cut; what does not fit goes on to a second label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from lastmetre.papers.edition import Edition
from lastmetre.papers.font import printable
from lastmetre.papers.labels import Label, labels
from lastmetre.papers.metrics import PT_MM, Weight
from lastmetre.papers.pack import BagItem, LabelKind, LabelPer
from lastmetre.papers.pages import Page, Type
from lastmetre.terms import say

TIGHT = 1.12
"""Line pitch on labels."""

SPACE = 0.6
"""Above and below the items."""

QUIET = 1.2
"""Between a QR code and the short code: two of its squares, for the scanners."""

PART = Type(11, Weight.BLACK, TIGHT)
PART_MM = 11.0
"""Kept free for `(1/2)`, which says that a bag has more than one label."""

GAP = 1.5
"""Between the texts and the column with cart number and QR code."""


@dataclass(frozen=True, slots=True)
class Size:
    """Measures of one kind of label, millimetres; type sizes in points."""

    width: float
    height: float
    inset_x: float
    inset_y: float
    columns: int
    rows: int
    page_width: float
    page_height: float
    side: float
    """Width of the right-hand column: cart number, QR code, short code."""
    cart: float
    """Height of the cart number's box."""
    qr: float
    home_pt: float
    text_pt: float

    @property
    def text_width(self) -> float:
        """What is left for texts beside the right-hand column."""
        return self.width - 2 * self.inset_x - self.side - GAP

    @property
    def inner_height(self) -> float:
        """Height that is printed on."""
        return self.height - 2 * self.inset_y


SIZES = {
    # Office printers leave 4 mm at the edges of the sheet blank.
    LabelKind.SHEET: Size(
        70, 37, 4.5, 3.2, 3, 8, 210, 297, side=15, cart=10.5, qr=13, home_pt=24, text_pt=9.5
    ),
    LabelKind.ROLL_70X50: Size(
        70, 50, 2.5, 2, 1, 1, 70, 50, side=19, cart=17, qr=17, home_pt=30, text_pt=11.5
    ),
    LabelKind.ROLL_60X40: Size(60, 40, 2, 2, 1, 1, 60, 40, side=15, cart=13, qr=13.5, home_pt=25, text_pt=10),
}

Line = list[tuple[float, str, Type]]


def label_pages(edition: Edition, kind: LabelKind, per: LabelPer) -> list[Page]:
    """Return the sheets or the labels of a roll, one after another without gaps."""
    size = SIZES[kind]
    on_a_page = size.columns * size.rows
    pages: list[Page] = []
    count = 0
    for label in labels(edition, per):
        portions = _portions(edition, label, size)
        for number, lines in enumerate(portions, start=1):
            if count % on_a_page == 0:
                pages.append(_blank(size))
            row, column = divmod(count % on_a_page, size.columns)
            top = (size.page_height - size.rows * size.height) / 2 + row * size.height
            part = f"({number}/{len(portions)})" if len(portions) > 1 else ""
            corner = (column * size.width + size.inset_x, top + size.inset_y)
            _draw_texts(edition, pages[-1], corner, label, size, lines, is_first=number == 1)
            _draw_foot(edition, pages[-1], corner, label, size, part)
            _draw_side(edition, pages[-1], corner, label, size)
            count += 1
    return pages


def _blank(size: Size) -> Page:
    """Return an empty sheet, with small crosses where labels meet for those who cut plain paper."""
    page = Page(size.page_width, size.page_height)
    top = (size.page_height - size.rows * size.height) / 2
    for column in range(1, size.columns):
        for row in range(1, size.rows):
            x, y = column * size.width, top + row * size.height
            page.line(x - 1, y, 2, thickness_pt=0.15)
            page.line(x, y - 1, 2, thickness_pt=0.15, down=True)
    return page


def _home(label: Label, size: Size) -> tuple[list[str], Type]:
    home = printable(str(label.bag.home))
    style = Type(size.home_pt, Weight.BLACK, pitch=1.0)
    for least in (12, 9, 7):
        fitted = style.fitted(home, size.text_width, least)
        lines = fitted.lines(home, size.text_width)
        if len(lines) <= 2:
            break
    return lines, fitted


def _fitted(words: str, style: Type, width: float, least: float) -> tuple[list[str], Type]:
    fitted = style.fitted(words, width, least)
    return (fitted.lines(words, width) if words else []), fitted


def _foot(edition: Edition, label: Label, size: Size) -> list[tuple[list[str], Type]]:
    return [
        _fitted(label.count, Type(7.5, Weight.BOLD, TIGHT), size.text_width - PART_MM, 5),
        _fitted(edition.round_name, Type(6.5, pitch=TIGHT), size.text_width - PART_MM, 4.5),
    ]


def _height(texts: Sequence[tuple[list[str], Type]]) -> float:
    return sum(len(lines) * style.line_mm for lines, style in texts)


def _portions(edition: Edition, label: Label, size: Size) -> list[list[Line]]:
    """Divide a label's items into the lines of as many labels as they need."""
    foot = _height(_foot(edition, label, size))
    later = size.inner_height - foot - _height([_home(label, size)]) - 2 * SPACE
    first = later - _height([_who(edition, label, size)])
    large = Type(size.text_pt, pitch=TIGHT)
    stacked = [line for item in label.items for line in _item_lines(edition, item, large, size)]
    stacked += _note_lines(label, large, size)
    if len(stacked) * large.line_mm <= first:
        return [stacked]
    small, smaller = (replace(large, size_pt=size.text_pt - step) for step in (1.5, 2.5))
    for style in (small, smaller):
        lines = [line for group in _groups(edition, label, style, size) for line in group]
        if len(lines) * style.line_mm <= first:
            return [lines]
    ways = [
        _filled(
            _groups(edition, label, style, size),
            int(first / style.line_mm),
            max(1, int(later / style.line_mm)),
        )
        for style in (small, smaller)
    ]
    return min(ways, key=len)


def _filled(groups: Sequence[list[Line]], first: int, later: int) -> list[list[Line]]:
    """Fill labels of `first`, then `later` lines; an item's lines stay together where a label can hold them."""
    found: list[list[Line]] = [[]]
    for group in groups:
        rest = group
        while rest:
            room = (first if len(found) == 1 else later) - len(found[-1])
            if room >= len(rest) or (room > 0 and len(rest) > later):
                found[-1] += rest[:room]
                rest = rest[room:]
            else:
                found.append([])
    return found


def _who(edition: Edition, label: Label, size: Size) -> tuple[list[str], Type]:
    return _fitted(edition.who(label.bag), Type(size.text_pt + 0.5, Weight.BOLD, TIGHT), size.text_width, 6.5)


@cache
def _black(style: Type) -> Type:
    return style.black()


def _runs(edition: Edition, item: BagItem, style: Type) -> list[tuple[str, Type]]:
    """Return good, quantity (in black, for who packs by it) and note."""
    note = f"（{item.note}）" if item.note else ""
    runs = [(edition.good(item.good), style), (edition.quantity(item), _black(style)), (note, style)]
    return [(printable(words), one) for words, one in runs if words]


def _item_lines(edition: Edition, item: BagItem, style: Type, size: Size) -> list[Line]:
    """Set one item from the left, over several lines where one is too short."""
    lines: list[Line] = [[]]
    used = 0.0
    for words, one in _runs(edition, item, style):
        pieces = (
            one.lines(words, size.text_width) if one.width_mm(words) > size.text_width - used else [words]
        )
        for piece in pieces:
            wide = one.width_mm(piece)
            if used and used + wide > size.text_width:
                lines.append([])
                used = 0.0
            lines[-1].append((used, piece, one))
            used += wide
    return lines


def _note_lines(label: Label, style: Type, size: Size) -> list[Line]:
    if not label.note:
        return []
    return [[(0.0, words, style)] for words in style.lines(f"※ {label.note}", size.text_width)]


def _groups(edition: Edition, label: Label, style: Type, size: Size) -> list[list[Line]]:
    """Set items and note running on, in groups of lines that should stay together."""
    notes = [[line] for line in _note_lines(label, style, size)]
    return [*_running(edition, label.items, style, size), *notes]


def _running(edition: Edition, items: Sequence[BagItem], style: Type, size: Size) -> Iterator[list[Line]]:
    """Set items one after another; an item that fits a line is not broken, a longer one has its own lines."""
    line: Line = []
    used = 0.0
    for item in items:
        lines = _item_lines(edition, item, style, size)
        wide = sum(one.width_mm(words) for _, words, one in lines[0])
        is_long = len(lines) > 1
        if line and (is_long or used + wide > size.text_width):
            yield [line]
            line, used = [], 0.0
        if is_long:
            yield lines
            continue
        line += [(used + dx, words, one) for dx, words, one in lines[0]]
        used += wide + style.em_mm * 0.6
    if line:
        yield [line]


def _draw_texts(
    edition: Edition,
    page: Page,
    corner: tuple[float, float],
    label: Label,
    size: Size,
    items: Sequence[Line],
    *,
    is_first: bool,
) -> None:
    """Draw home, household (on a bag's first label) and items."""
    x, top = corner
    for texts, style in (_home(label, size), *([_who(edition, label, size)] if is_first else [])):
        top = _draw_lines(page, x, top, texts, style)
    top += SPACE
    for line in items:
        for dx, words, style in line:
            page.text(x + dx, top, words, style)
        top += line[0][2].line_mm


def _draw_lines(page: Page, x: float, top: float, texts: Sequence[str], style: Type) -> float:
    for words in texts:
        page.text(x, top, words, style)
        top += style.line_mm
    return top


def _draw_foot(
    edition: Edition, page: Page, corner: tuple[float, float], label: Label, size: Size, part: str
) -> None:
    """Draw which bag it is of how many, and which label of the bag."""
    x, bottom = corner[0], corner[1] + size.inner_height
    foot = _foot(edition, label, size)
    top = bottom - _height(foot)
    for texts, style in foot:
        top = _draw_lines(page, x, top, texts, style)
    style = PART.fitted(part, PART_MM, 6)
    page.text(x, bottom - style.line_mm, part, style, "right", size.text_width)


def _draw_side(edition: Edition, page: Page, corner: tuple[float, float], label: Label, size: Size) -> None:
    """Draw the cart's number, the QR code, and with it the code that can be typed."""
    x, y = corner[0] + size.text_width + GAP, corner[1]
    if number := edition.cart(label.bag):
        page.number_box(x, y, size.side, size.cart, number, edition.say(say("Cart")))
    code = Type(round(size.side * 0.155 / PT_MM, 1), Weight.BOLD)
    below = y + size.inner_height - code.line_mm
    page.qr(x + size.side - size.qr, below - size.qr - QUIET, size.qr, label.bag.qr)
    page.text(x, below, edition.code(label.bag), code, "right", size.side)
