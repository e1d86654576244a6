"""The report as one page: no script, nothing fetched, charts drawn inside; readable in the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from lastmetre.cli.drilling.report import (
    STAGE_WORDS,
    Report,
    Variant,
    at_the_door,
    more_of,
    rows,
    slowest,
    stages,
)
from lastmetre.cli.drilling.text import bottlenecks, headline, value, what
from lastmetre.terms import Translate, say, untranslated

STYLE = """
:root { color-scheme: light dark; --ink: #1d1d1b; --paper: #fff; --soft: #5c5c58;
  --line: #d9d9d4; --fill: #e8f0ee }
@media (prefers-color-scheme: dark) { :root { --ink: #eeeeea; --paper: #161615; --soft: #b3b3ad;
  --line: #3d3d3a; --fill: #22302c } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1rem 0 .25rem } p { margin: .4rem 0 } .soft { color: var(--soft) }
.first { background: var(--fill); border-radius: .5rem; padding: .75rem 1rem; font-size: 1.1rem }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top }
th { font-weight: 600 } th:first-child, td:first-child { text-align: left; min-width: 9rem }
td { white-space: nowrap }
svg { display: block; width: 100%; max-width: 44rem; font-size: 12px; fill: var(--ink) } .grid { stroke: var(--line) }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1rem } .key svg { display: inline-block; width: 2.5em;
  margin-right: .4em }
@media (max-width: 30rem) { svg { font-size: 17px } th, td { padding: .3rem .35rem; font-size: .9rem } }
@media print { h2 { break-after: avoid } svg, table { break-inside: avoid } }
"""
COLOURS = ("#1a9a85", "#d1692b", "#7b80e6", "#c9549b", "#9a9a2e", "#4a9cc7")
"""Each can be seen on white and on black."""
DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 2", "1 4")
"""Lines differ by dash too, for whoever cannot tell the colours apart, and on grey paper."""
THIN, BAR = 2.5, 10.0
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 480, 236, 52, 16, 32


def page(report: Report, translate: Translate) -> str:
    """Write the whole page."""
    base = report.base
    title = say("Drill: {title}", title=report.title).text(translate)
    played = say(
        "{days} days, played {count} times with other luck; ± is the 95 % interval of the mean.",
        days=base.problem.days,
        count=base.played.replications,
    ).text(translate)
    parts = [
        f"<h1>{escape(title)}</h1>",
        *(
            f'<p class="first"><b>{escape(one.title().text(translate))}</b>: '
            f"{escape(headline(one).text(translate))}</p>"
            for one in report.variants
        ),
        f'<p class="soft">{escape(played)}</p>',
        _figures(report, translate),
        _heading(say("At the door, hour by hour").text(translate)),
        _door_chart(report, translate),
    ]
    for variant in report.variants:
        parts += _variant(variant, translate)
    parts += [
        _heading(say("What no row of the scenario says is assumed:").text(translate)),
        "<ul>",
        *(f"<li>{escape(sentence.text(translate))}</li>" for sentence in report.assumed),
        "</ul>",
    ]
    lang = "en" if translate is untranslated else "zh-Hans"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _heading(text: str, level: int = 2) -> str:
    return f"<h{level}>{escape(text)}</h{level}>"


def _table(head: Iterable[str], body: Iterable[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    rest = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(one)}</td>" for one in row[1:])}</tr>'
        for row in body
    )
    return f'<div class="wide" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{rest}</tbody></table></div>'


def _figures(report: Report, translate: Translate) -> str:
    titles = [variant.title().text(translate) for variant in report.variants]
    body = [[row.label.text(translate), *(value(row, one) for one in row.values)] for row in rows(report)]
    return _table(["", *titles], body)


def _variant(variant: Variant, translate: Translate) -> list[str]:
    """Write one variant: its days, its queues, what holds it up, its slowest places."""
    parts = [_heading(variant.title().text(translate))]
    if variant.problem.days > 1:
        parts += [_heading(say("Day by day").text(translate), 3), _day_chart(variant, translate)]
    parts += [_heading(say("Where bags wait").text(translate), 3), _stage_table(variant, translate)]
    parts += [_heading(say("What holds it up").text(translate), 3)]
    parts += [f"<p>{escape(sentence.text(translate))}</p>" for sentence in bottlenecks(variant)]
    more = [(place, what(means, translate), f"+{bags:,.0f}") for place, means, bags in more_of(variant)]
    if more:
        head = (say("place"), say("one more"), say("bags a day"))
        parts.append(_table([one.text(translate) for one in head], more))
    last = [
        (name, f"{part:.0%}", f"{hours:.1f}" if np.isfinite(hours) else "–")
        for name, part, hours in slowest(variant)
    ]
    head = (say("place"), say("of those asked for"), say("hours to the door"))
    parts += [
        _heading(say("Last to be served").text(translate), 3),
        _table([one.text(translate) for one in head], last),
    ]
    return parts


def _stage_table(variant: Variant, translate: Translate) -> str:
    head = (say("stage"), say("wait, min"), say("longest, min"), say("most waiting"), say("in use"))
    body = [
        (
            STAGE_WORDS[row.stage].text(translate),
            f"{row.wait_min:,.0f}",
            f"{row.longest_min:,.0f}",
            f"{row.most_waiting:,.0f}",
            f"{row.busy:.0%}",
        )
        for row in stages(variant)
    ]
    return _table([one.text(translate) for one in head], body)


def _door_chart(report: Report, translate: Translate) -> str:
    """Draw for every variant the part of all bags that is at the door so many hours after packing began."""
    curves = [at_the_door(variant) for variant in report.variants]
    last = max(int((curve < curve[-1] - 1e-9).sum()) for curve in curves) + 2
    hours = min(max(last, 4), len(curves[0]))
    across, up = (WIDTH - LEFT - 8) / hours, HEIGHT - BOTTOM - TOP
    parts = [_percent_line(part) for part in (0, 0.25, 0.5, 0.75, 1)]
    step = next(step for step in (1, 2, 3, 6, 12, 24, 48, 240) if hours / step <= 9)
    parts += [
        f'<text x="{LEFT + across * hour:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{hour}</text>'
        for hour in range(0, hours + 1, step)
    ]
    for number, curve in enumerate(curves):
        points = " ".join(
            f"{LEFT + across * (hour + 1):.1f},{TOP + up * (1 - part):.1f}"
            for hour, part in enumerate(curve[:hours])
        )
        parts.append(_line(number, f"{LEFT},{TOP + up} {points}", THIN))
    label = say("Part of the bags asked for, by hours since packing began").text(translate)
    return _svg(label, parts) + _key([one.title().text(translate) for one in report.variants], thick=THIN)


def _percent_line(part: float) -> str:
    y = TOP + (HEIGHT - BOTTOM - TOP) * (1 - part)
    return (
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{part:.0%}</text>'
    )


def _day_chart(variant: Variant, translate: Translate) -> str:
    """Draw three bars a day: asked for, at the door, open at night."""
    names = ("asked", "delivered", "open")
    values = [variant.played.days[name].mean(axis=0) for name in names]
    most = max(float(max(map(np.max, values))), 1.0)
    days = variant.problem.days
    across, up = (WIDTH - LEFT - 8) / days, HEIGHT - BOTTOM - TOP - 8
    parts = [f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>']
    for day in range(days):
        left = LEFT + across * day
        if day % -(-days // 10) == 0:
            middle = left + across / 2
            parts.append(f'<text x="{middle:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{day + 1}</text>')
        for place, bars in enumerate(values):
            tall = up * float(bars[day]) / most
            parts.append(
                f'<rect x="{left + across * (0.1 + 0.27 * place):.1f}" y="{HEIGHT - BOTTOM - tall:.1f}" '
                f'width="{across * 0.24:.1f}" height="{tall:.1f}" fill="{COLOURS[place]}">'
                f"<title>{bars[day]:,.0f}</title></rect>"
            )
    parts.append(f'<text x="{LEFT}" y="{TOP}">{most:,.0f}</text>')
    words = [say("asked for"), say("brought"), say("open at night")]
    label = say("Bags asked for, at the door and open at night, day by day").text(translate)
    return _svg(label, parts) + _key([one.text(translate) for one in words], thick=BAR)


def _svg(label: str, parts: Iterable[str]) -> str:
    return (
        f'<p class="soft">{escape(label)}</p><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _key(words: Sequence[str], *, thick: float) -> str:
    items = "".join(
        f'<span><svg viewBox="0 0 40 10" aria-hidden="true">{_line(number, "0,5 40,5", thick)}</svg>{escape(word)}</span>'
        for number, word in enumerate(words)
    )
    return f'<p class="key">{items}</p>'


def _line(number: int, points: str, thick: float) -> str:
    """Draw the line of one variant, or a bar for its key."""
    dash = DASHES[number % 6] if thick == THIN else ""
    return (
        f'<polyline fill="none" stroke="{COLOURS[number % 6]}" stroke-width="{thick}" '
        f'stroke-dasharray="{dash}" points="{points}"/>'
    )
