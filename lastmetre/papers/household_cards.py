"""Household cards: ten to a sheet of A4, to be cut and handed out at the doors.

A card names the door and nothing about who lives there; its square code and its typed code sign in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Page, Type
from lastmetre.papers.typeset import PAGES_A_JOB, executor, set_pages
from lastmetre.terms import Translate, say, untranslated

COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 96.0, 54.0
LEFT, TOP = 9.0, 13.5
INSET = 4.0
QR_MM = 33.0

WHERE = Type(10, Weight.BOLD)
DOOR = Type(30, Weight.BLACK)
CODE = Type(12, Weight.BOLD)
SMALL = Type(7.5)


@dataclass(frozen=True, slots=True)
class CardFace:
    """What stands on one card."""

    where: str
    door: str
    address: str
    """What the square code holds: the link of the card."""
    code: str
    """Typed where no camera is at hand, in groups of four."""


def card_pages(
    cards: Sequence[CardFace], *, site: str, phone: str = "", translate: Translate = untranslated
) -> list[Page]:
    """Lay cards out; `site` is where the code is typed, `phone` whom to ring, '' if nobody."""
    pages: list[Page] = []
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            pages.append(Page())
        row, column = divmod(place, COLUMNS)
        x, y = LEFT + column * WIDTH, TOP + row * HEIGHT
        pages[-1].box(x, y, WIDTH, HEIGHT, thickness_pt=0.25)
        _draw(pages[-1], card, x + INSET, y + INSET, site, phone, translate)
    return pages


def card_sheets(
    cards: Sequence[CardFace], *, site: str, phone: str = "", translate: Translate = untranslated
) -> list[bytes]:
    """Typeset cards; returns PDFs of PAGES_A_JOB pages each, to be joined."""
    pages = card_pages(cards, site=site, phone=phone, translate=translate)
    jobs = [pages[start : start + PAGES_A_JOB] for start in range(0, len(pages), PAGES_A_JOB)]
    with executor(1) as pool:
        return [pool.submit(set_pages, job).result() for job in jobs]


def _draw(
    page: Page, card: CardFace, x: float, y: float, site: str, phone: str, translate: Translate
) -> None:
    wide = WIDTH - 2 * INSET
    beside = wide - QR_MM - 3
    page.qr(x + wide - QR_MM, y, QR_MM, card.address)
    code = CODE.fitted(card.code, QR_MM + 3, 8)
    page.text(x + wide - QR_MM - 3, y + QR_MM + 1.5, card.code, code, "right", QR_MM + 3)
    top = y
    for line in WHERE.lines(card.where, beside)[:3]:
        page.text(x, top, line, WHERE)
        top += WHERE.line_mm
    door = DOOR.fitted(card.door, beside, 12)
    page.text(x, top, card.door, door)
    notes = [
        say("Scan the square code with your phone's camera. You need no password."),
        say("No camera? Go to {site} and type the code.", site=site),
        say("Keep this card as you keep a key. If it is lost, ask for a new one."),
    ]
    if phone:
        notes.append(say("Help by phone: {phone}", phone=phone))
    top = y + HEIGHT - 2 * INSET
    lines = [
        (line, beside if number < 2 else wide)
        for number, note in enumerate(notes)
        for line in SMALL.lines(note.text(translate), beside if number < 2 else wide)
    ]
    for line, _ in reversed(lines):
        top -= SMALL.line_mm
        page.text(x, top, line, SMALL)
