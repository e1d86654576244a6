"""`lastmetre demo`: the demo compound's day, from its chat and workbook to its papers."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre import scenarios
from lastmetre.cli.inputs import gather
from lastmetre.cli.making import Options, make_sheets
from lastmetre.cli.speaking import EXIT_DOUBTS, command, option
from lastmetre.reading.compounds import read_compound
from lastmetre.terms import Translate, say

INPUTS = ("chain.txt", "kuaituantuan.xlsx")


@command("demo", say("Make the papers of the demo compound 开元丽城."))
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="out/erqi",
    show_default=True,
    sentence=say("The folder for the papers; it appears complete or not at all."),
)
def demo(output: Path, translate: Translate) -> int:
    """Run the whole way once; doubts are part of the demo and no failure."""
    folder = scenarios.folder("erqi")
    compound = read_compound(folder / "compound.yaml")
    given = gather([str(folder / name) for name in INPUTS], compound=compound, offer=folder / "offer.yaml")
    options = Options(folder / "compound.yaml", output, stock=folder / "stock.yaml", remember=False)
    code = make_sheets(given, compound, options, translate)
    return 0 if code == EXIT_DOUBTS else code
