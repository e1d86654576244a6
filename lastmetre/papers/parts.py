"""Parts: the A4 pages that one person is handed of a sheet (a cart's, a building's).

A part starts on its own page and counts its own pages, so that who holds it sees that it is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lastmetre.papers.edition import Edition
from lastmetre.papers.metrics import Weight
from lastmetre.papers.pages import Page, Type
from lastmetre.terms import say

LEFT, RIGHT, TOP, BOTTOM, FOOT = 12.0, 198.0, 25.0, 284.0, 287.5
WIDTH = RIGHT - LEFT

SMALL = Type(8)
TEXT = Type(10)
STRONG = Type(11, Weight.BOLD)


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together, laid out but for their page numbers."""

    sheet: str
    name: str
    """Whose part it is; '' where the sheet is one."""
    pages: tuple[Page, ...]


class Flow:
    """Fills page after page from the top; every page gets the part's head, and what is repeated on it."""

    def __init__(self, edition: Edition, sheet: str, name: str = "") -> None:
        self.edition = edition
        self.sheet = sheet
        self.name = name
        self.pages: list[Page] = []
        self.repeated: list[Callable[[], None]] = []
        """What a new page begins with: column titles, the heading of a block that goes on."""
        self.y = self._fresh_y = TOP
        self.turn()

    @property
    def page(self) -> Page:
        """The page that is being filled."""
        return self.pages[-1]

    @property
    def room(self) -> float:
        """What is left of it."""
        return BOTTOM - self.y

    def turn(self) -> None:
        """Begin a new page."""
        self.pages.append(Page())
        self._head()
        self.y = TOP
        for repeat in self.repeated:
            repeat()
        self._fresh_y = self.y

    @property
    def is_fresh(self) -> bool:
        """Tell whether nothing of its own is on the page yet."""
        return self.y == self._fresh_y

    def need(self, height: float) -> None:
        """Begin a new page unless so much is left of this one."""
        if self.room < height and not self.is_fresh:
            self.turn()

    def _head(self) -> None:
        printed = self.edition.say(say("Printed {when}", when=self.edition.pack.printed_on))
        right = [words for line in (self.edition.round_name, printed) for words in SMALL.lines(line, 70)]
        for place, words in enumerate(right):
            top = 21 - (len(right) - place) * SMALL.line_mm
            self.page.text(RIGHT - 70, top, words, SMALL, "right", 70)
        title = f"{self.sheet}  {self.name}".strip()
        style = Type(15, Weight.BOLD).fitted(title, WIDTH - 72, 8)
        lines = style.lines(title, WIDTH - 72)
        for place, words in enumerate(lines):
            self.page.text(LEFT, 21 - (len(lines) - place) * style.line_mm, words, style)
        self.page.line(LEFT, 21.5, WIDTH, thickness_pt=1)

    def words(
        self, words: str, style: Type = TEXT, *, x: float = LEFT, width: float = WIDTH, above: float = 0
    ) -> None:
        """Set a paragraph."""
        for place, line in enumerate(style.lines(words, width)):
            self.need(style.line_mm + (above if place == 0 else 0))
            self.y += above if place == 0 else 0
            self.page.text(x, self.y, line, style)
            self.y += style.line_mm

    def part(self) -> Part:
        """Return what was filled."""
        return Part(self.sheet, self.name, tuple(self.pages))


def number_pages(edition: Edition, part: Part, first: int) -> tuple[Page, ...]:
    """Put a foot on a part's pages: what they are, their number in the part, and from `first` in the pack."""
    what = " · ".join(one for one in (edition.pack.compound, part.sheet, part.name) if one)
    style = SMALL.fitted(what, WIDTH - 50, 5)
    for place, page in enumerate(part.pages):
        here = edition.say(say("Page {page} of {pages}", page=place + 1, pages=len(part.pages)))
        for line, words in enumerate(style.lines(what, WIDTH - 50)):
            page.text(LEFT, FOOT + line * style.line_mm, words, style)
        page.text(LEFT, FOOT, f"{here}   ({first + place})", SMALL, "right", WIDTH)
    return part.pages
