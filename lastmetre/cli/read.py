"""`lastmetre read`: what was understood, as JSON or as a list to look through. Writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lastmetre.cli.inputs import gather
from lastmetre.cli.speaking import command, option
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.readings import Reading, as_json
from lastmetre.reading.sources import read_round
from lastmetre.terms import Item, OrderLine, Translate, say

FILE = click.Path(path_type=Path)


@command("read", say("Read orders and show what was understood; nothing is written."))
@click.argument("inputs", nargs=-1, required=True)
@option("--compound", type=FILE, sentence=say("The compound file (YAML or roster workbook)."))
@option("--offer", type=FILE, sentence=say("The offer file (YAML or workbook)."))
@option("--column", "columns", multiple=True, sentence=say("What a column is: 房号=room; can be repeated."))
@option("--json", "as_json_", is_flag=True, sentence=say("As JSON, for other programs."))
def read(
    inputs: tuple[str, ...],
    compound: Path | None,
    offer: Path | None,
    columns: tuple[str, ...],
    as_json_: bool,
    translate: Translate,
) -> None:
    """Read and print."""
    known = read_compound(compound) if compound else None
    given = gather(inputs, compound=known, offer=offer, columns=columns)
    reading = _together(given.readings)
    if known is not None:
        reading = read_round(given.readings, compound=known, offer=given.offer).reading
    if as_json_:
        click.echo(json.dumps(as_json(reading, translate), ensure_ascii=False, indent=1))
        return
    for line in reading.lines:
        click.echo(_one(line, translate))
    for total in reading.totals:
        click.echo(total.sentence.text(translate))
    for notice in given.notices:
        click.echo(notice.text(translate))


def _together(readings: tuple[Reading, ...]) -> Reading:
    return Reading(
        lines=tuple(line for reading in readings for line in reading.lines),
        superseded=tuple(line for reading in readings for line in reading.superseded),
        heading="\n".join(reading.heading for reading in readings if reading.heading),
        totals=tuple(total for reading in readings for total in reading.totals),
    )


def _one(line: OrderLine, translate: Translate) -> str:
    home = str(line.home) if line.home else line.place.text
    items = "，".join(_item(item) for item in line.items)
    said = f"{line.seq or '·':>4}  {line.action:<9} {home:<10} {line.who:<6} {items}"
    doubts = "".join(f"\n        ? {doubt.sentence.text(translate)}" for doubt in line.doubts)
    return said.rstrip() + doubts


def _item(item: Item) -> str:
    qty = "?" if item.qty is None else f"{item.qty.normalize():f}"
    return f"{item.name} {qty}{item.unit}"
