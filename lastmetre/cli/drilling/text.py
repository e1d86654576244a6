"""The report on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

import numpy as np

from lastmetre.cli.drilling.report import (
    MEANS_WORDS,
    STAGE_WORDS,
    Report,
    Row,
    Variant,
    held_up,
    more_of,
    rows,
    slowest,
    stages,
)
from lastmetre.planning.capacity import Means
from lastmetre.planning.flow import Estimate
from lastmetre.terms import Sentence, Translate, say

JOINED = "、"


def value(row: Row, one: Estimate) -> str:
    """Write a value with its interval: 1,234 ± 12, 87.1 %."""
    if not np.isfinite(one.mean):
        return "–"
    factor, digits, sign = (100, 1, " %") if row.is_percent else (1, row.digits, "")
    half = one.half_width * factor
    text = f"{one.mean * factor:,.{digits}f}"
    if np.isfinite(half) and half >= 0.5 * 10**-digits:
        text += f" ± {half:,.{digits}f}"
    return text + sign


def headline(variant: Variant) -> Sentence:
    """Say in one sentence how it ends."""
    asked, came = (float(variant.played.total(name).mean()) for name in ("asked", "delivered"))
    if not came:
        return say("Of {asked} bags none reaches its door.", asked=f"{asked:,.0f}")
    return say(
        "Of {asked} bags {came} reach their door; half of them within {half} hours, 95 of 100 within {most}.",
        asked=f"{asked:,.0f}",
        came=f"{came:,.0f}",
        half=f"{float(np.nan_to_num(variant.played.hours_to_door(0.5)).mean()):.1f}",
        most=f"{float(np.nan_to_num(variant.played.hours_to_door(0.95)).mean()):.1f}",
    )


def what(means: tuple[Means, ...], translate: Translate) -> str:
    """Name one or a pair of means."""
    return " + ".join(MEANS_WORDS[one].text(translate) for one in means)


def bottlenecks(variant: Variant) -> Iterator[Sentence]:
    """Say what holds the first day up, and where."""
    found = held_up(variant)
    if not found:
        yield say("On a day like the last nothing is short: all that is asked for gets through.")
    for means, places, bags in found:
        yield say(
            "What is short: {means} (places: {places}). On a day like the last {bags} bags do not get through.",
            means=MEANS_WORDS[means],
            places=places,
            bags=f"{bags:,.0f}",
        )


def lines(report: Report, translate: Translate) -> Iterator[str]:
    """Yield the report line by line."""
    base = report.base
    yield say(
        "{title}: {days} days, played {count} times",
        title=report.title,
        days=base.problem.days,
        count=base.played.replications,
    ).text(translate)
    for variant in report.variants:
        yield f"{variant.title().text(translate)}: {headline(variant).text(translate)}"
    yield ""
    titles = [variant.title().text(translate) for variant in report.variants]
    figures = [[row.label.text(translate), *(value(row, one) for one in row.values)] for row in rows(report)]
    yield from table([["", *titles], *figures])
    for variant in report.variants:
        yield ""
        yield from _variant(variant, translate)
    yield ""
    yield say("What no row of the scenario says is assumed:").text(translate)
    yield from (f"  {sentence.text(translate)}" for sentence in report.assumed)


def _variant(variant: Variant, translate: Translate) -> Iterator[str]:
    yield f"— {variant.title().text(translate)} —"
    head = [say("stage"), say("wait, min"), say("longest, min"), say("most waiting"), say("in use")]
    body = [
        [
            STAGE_WORDS[row.stage].text(translate),
            f"{row.wait_min:,.0f}",
            f"{row.longest_min:,.0f}",
            f"{row.most_waiting:,.0f}",
            f"{row.busy:.0%}",
        ]
        for row in stages(variant)
    ]
    yield from table([[one.text(translate) for one in head], *body])
    yield from (sentence.text(translate) for sentence in bottlenecks(variant))
    for place, means, bags in more_of(variant):
        yield "  " + say(
            "One more {means} at {place} brings {bags} bags a day.",
            means=what(means, translate),
            place=place,
            bags=f"{bags:,.0f}",
        ).text(translate)
    last = JOINED.join(f"{name} {part:.0%}" for name, part, _ in slowest(variant)[:4])
    yield say("Last to be served: {places}.", places=last).text(translate)


def table(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Align columns; a Chinese character is two wide."""
    widths = [max(map(wide, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        first = row[0] + " " * (widths[0] - wide(row[0]))
        rest = (" " * (width - wide(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([first, *rest])


def wide(text: str) -> int:
    """Count the columns that a text takes on a terminal."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
