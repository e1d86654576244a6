"""`lastmetre compare`: what a second paste adds, changes and drops against the first, and the hash to confirm it."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre.cli.inputs import gather
from lastmetre.cli.speaking import command, option
from lastmetre.reading.comparing import Difference, compare_readings
from lastmetre.reading.compounds import read_compound
from lastmetre.terms import OrderLine, Translate, say

FILE = click.Path(path_type=Path)
SIGNS = (("added", "+"), ("changed", "~"), ("gone", "-"))


@command("compare", say("Show what a later paste changes against an earlier one."))
@click.argument("earlier")
@click.argument("later")
@option("--compound", type=FILE, sentence=say("The compound file (YAML or roster workbook)."))
@option("--offer", type=FILE, sentence=say("The offer file (YAML or workbook)."))
def compare(
    earlier: str, later: str, compound: Path | None, offer: Path | None, translate: Translate
) -> None:
    """Compare and print."""
    known = read_compound(compound) if compound else None
    given = gather((earlier, later), compound=known, offer=offer)
    difference = compare_readings(*given.readings)
    for name, sign in SIGNS:
        for old, new in getattr(difference, name):
            click.echo(f"{sign} {_said(old, new)}")
    click.echo(_summary(difference, translate))
    click.echo(say("To confirm this preview: --confirm {hash}", hash=given.readings[1].hash).text(translate))


def _said(old: OrderLine | None, new: OrderLine | None) -> str:
    return "  →  ".join(line.raw.replace("\n", " ") for line in (old, new) if line is not None)


def _summary(difference: Difference, translate: Translate) -> str:
    return say(
        "{added} added, {changed} changed, {gone} gone, {unchanged} unchanged.",
        added=len(difference.added),
        changed=len(difference.changed),
        gone=len(difference.gone),
        unchanged=difference.unchanged,
    ).text(translate)
