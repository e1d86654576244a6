"""The poster of a round: what there is, until when, and the square code that leads to the order page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Page, Type
from lastmetre.terms import Translate, say, untranslated

LEFT, WIDTH = 14.0, 182.0
QR_MM = 74.0
GOODS_BOTTOM, FOOT = 194.0, 203.0
WHERE = Type(20, Weight.BOLD)
TITLE = Type(44, Weight.BLACK, 1.1)
UNTIL = Type(26, Weight.BOLD)
STEP = Type(13.5)
SMALL = Type(10)


@dataclass(frozen=True, slots=True)
class PosterFace:
    """What stands on a poster; nothing of it is about a person."""

    where: str
    title: str
    supplier: str
    until: str
    goods: Sequence[tuple[str, str]]
    """(code, name and specification; price with its unit)."""
    ways: Sequence[str]
    """How to order, a sentence each."""
    address: str
    """What the square code holds."""
    site: str = ""
    """The address as it is typed."""


def poster_page(face: PosterFace, translate: Translate = untranslated) -> Page:
    """Lay the poster out on a sheet of A4."""
    page = Page()
    top = _head(page, face)
    _goods(page, face, top + 4, translate)
    page.line(LEFT, FOOT - 5, WIDTH, thickness_pt=1.2)
    page.qr(LEFT + WIDTH - QR_MM, FOOT, QR_MM, face.address)
    beside = WIDTH - QR_MM - 8
    scan = say("Scan to order").text(translate)
    page.text(LEFT, FOOT, scan, UNTIL.fitted(scan, beside, 14))
    top = FOOT + UNTIL.line_mm + 2
    for words in face.ways:
        for line in STEP.lines(words, beside):
            page.text(LEFT, top, line, STEP)
            top += STEP.line_mm
        top += 2
    site = SMALL.fitted(face.site, WIDTH, 6)
    page.text(LEFT, 297 - 14, face.site, site, "right", WIDTH)
    return page


def _head(page: Page, face: PosterFace) -> float:
    top = 14.0
    for words, style, least in (
        ("" if face.where in face.title else face.where, WHERE, 12),
        (face.title, TITLE, 20),
        (face.supplier, WHERE, 12),
        (face.until, UNTIL, 14),
    ):
        fitted = style.fitted(words, WIDTH, least)
        for line in fitted.lines(words, WIDTH)[:2] if words else ():
            page.text(LEFT, top, line, fitted)
            top += fitted.line_mm
        top += 1.5
    page.line(LEFT, top, WIDTH, thickness_pt=1.2)
    return top


def _goods(page: Page, face: PosterFace, top: float, translate: Translate) -> None:
    """Set the goods as large as they fit, in one column, else in two; what is left over is said."""
    room = GOODS_BOTTOM - top
    for columns, size in ((1, 19.0), (1, 15.0), (1, 12.0), (2, 12.0), (2, 9.5)):
        style = Type(size)
        deep = int(room / style.line_mm)
        if len(face.goods) <= columns * deep:
            break
    wide = WIDTH / columns - (6 if columns > 1 else 0)
    shown = list(face.goods[: columns * deep])
    if len(shown) < len(face.goods):
        more = len(face.goods) - len(shown) + 1
        shown[-1] = (say("and {count} more on the page", count=more).text(translate), "")
    for place, (name, price) in enumerate(shown):
        column, row = divmod(place, deep)
        x, y = LEFT + column * (wide + 12), top + row * style.line_mm
        figure = style.black()
        fitted = style.fitted(name, wide - figure.width_mm(price) - 4, 7)
        page.text(x, y, name, fitted)
        page.text(x, y, price, figure, "right", wide)
