"""Pages as lists of what stands where; `pages.typ` draws them and decides nothing (reason 012).

Lengths are millimetres from the page's top left corner, type sizes points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from lastmetre.papers.font import printable
from lastmetre.papers.metrics import PT_MM, Weight, width_em, wrap

ASCENT = 0.88
"""How far Chinese characters stand above the baseline, in parts of the type size; they hang below by the rest."""

CAP_HEIGHT = 0.733
"""Height of digits and capitals in parts of the type size."""


@dataclass(frozen=True, slots=True)
class Type:
    """A size and weight of the papers' font."""

    size_pt: float
    weight: Weight = Weight.REGULAR
    pitch: float = 1.25
    """Height of a line in parts of the type size."""
    em_mm: float = field(init=False, compare=False)
    """Width of a Chinese character."""
    line_mm: float = field(init=False, compare=False)
    """Height of a line."""
    baseline_mm: float = field(init=False, compare=False)
    """How far a line's baseline is below its top."""

    def __post_init__(self) -> None:
        em = self.size_pt * PT_MM
        object.__setattr__(self, "em_mm", em)
        object.__setattr__(self, "line_mm", em * self.pitch)
        object.__setattr__(self, "baseline_mm", em * (ASCENT + (self.pitch - 1) / 2))

    def black(self) -> Type:
        """Return the same size in black."""
        return replace(self, weight=Weight.BLACK)

    def width_mm(self, words: str) -> float:
        """Width of a text on one line, never too small."""
        return width_em(words, self.weight) * self.em_mm

    def lines(self, words: str, most_mm: float) -> list[str]:
        """Break a text into lines no wider than `most_mm`."""
        words = printable(words)
        # No character is wider than 2.52 of its size, few are wider than 1.
        if len(words) * self.em_mm <= most_mm and self.width_mm(words) <= most_mm:
            return [words]
        return wrap(words, most_mm / self.em_mm, self.weight)

    def fitted(self, words: str, most_mm: float, least_pt: float) -> Type:
        """Return this type or a smaller one in which a text fits one line, not below `least_pt`."""
        wide = self.width_mm(printable(words))
        if wide <= most_mm:
            return self
        return replace(self, size_pt=max(int(self.size_pt * most_mm / wide * 10) / 10, least_pt))


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square with a QR code, drawn in the worker."""

    x: float
    y: float
    side: float
    content: str


class Page:
    """One page to be drawn."""

    def __init__(self, width: float = 210, height: float = 297) -> None:
        self.width = width
        self.height = height
        self.texts: dict[Type, list[tuple[float, float, str]]] = {}
        self.lines: dict[float, list[tuple[float, float, float, float]]] = {}
        self.boxes: list[tuple[float, float, float, float, float]] = []
        self.codes: list[QrCode] = []

    def text(
        self, x: float, top: float, words: str, style: Type, align: str = "left", width: float = 0
    ) -> None:
        """Set one line whose top is at `top`; in a `width` from `x` it can stand right or centred."""
        self.baseline_text(x, top + style.baseline_mm, words, style, align, width)

    def baseline_text(
        self, x: float, baseline: float, words: str, style: Type, align: str = "left", width: float = 0
    ) -> None:
        """Set one line on a baseline."""
        words = printable(words)
        if not words:
            return
        if align != "left":
            x += (width - style.width_mm(words)) * (1 if align == "right" else 0.5)
        self.texts.setdefault(style, []).append((round(x, 2), round(baseline, 2), words))

    def line(
        self, x: float, y: float, length: float, *, thickness_pt: float = 0.4, down: bool = False
    ) -> None:
        """Draw a line to the right, or down."""
        end = (x, y + length) if down else (x + length, y)
        place = round(x, 2), round(y, 2), round(end[0], 2), round(end[1], 2)
        self.lines.setdefault(thickness_pt, []).append(place)

    def box(self, x: float, y: float, width: float, height: float, *, thickness_pt: float = 0.8) -> None:
        """Draw a box with rounded corners."""
        self.boxes.append((round(x, 2), round(y, 2), round(width, 2), round(height, 2), thickness_pt))

    def number_box(self, x: float, y: float, width: float, height: float, number: str, word: str) -> None:
        """Draw a cart's number as large as its box allows, with what it is in the corner."""
        self.box(x, y, width, height)
        self.text(x + 0.8, y + 0.4, word, Type(round(height * 0.15 / PT_MM, 1), Weight.BOLD))
        size = min(height * 0.82, width * 0.86 / width_em(number, Weight.BLACK))
        digits = Type(round(size / PT_MM, 1), Weight.BLACK)
        baseline = y + height * 0.58 + digits.em_mm * CAP_HEIGHT / 2
        self.baseline_text(x, baseline, number, digits, "center", width)

    def qr(self, x: float, y: float, side: float, content: str) -> None:
        """Draw a QR code."""
        self.codes.append(QrCode(x, y, side, content))

    def drawn(self, qr_svg: Callable[[str], str]) -> dict[str, Any]:
        """Return the page for the template, its QR codes drawn by `qr_svg`."""
        return {
            "width": self.width,
            "height": self.height,
            "texts": [
                {"size": style.size_pt, "weight": int(style.weight), "at": places}
                for style, places in self.texts.items()
            ],
            "lines": [{"thickness": thickness, "at": places} for thickness, places in self.lines.items()],
            "boxes": self.boxes,
            "codes": [(code.x, code.y, code.side, qr_svg(code.content)) for code in self.codes],
        }
