"""`lastmetre sheets`: orders of any kind -> the papers of a round, the review workbook, a summary."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre.cli.inputs import gather
from lastmetre.cli.making import Options, make_sheets
from lastmetre.cli.packing import Hands
from lastmetre.cli.speaking import command, option
from lastmetre.papers.pack import LabelKind, LabelPer, PhoneKind
from lastmetre.planning import cases
from lastmetre.reading.compounds import read_compound
from lastmetre.terms import Translate, say

LAST_CASE = {"up": cases.UP, "half": cases.NEAREST, "full": cases.DOWN}
FILE = click.Path(path_type=Path)


@command("sheets", say("From orders to labels, pick lists, cart sheets, door sheets and money sheets."))
@click.argument("inputs", nargs=-1, required=True)
@option("--compound", type=FILE, required=True, sentence=say("The compound file (YAML or roster workbook)."))
@option("--offer", type=FILE, sentence=say("The offer file (YAML or workbook)."))
@option("--stock", type=FILE, sentence=say("What there is of each good; what is not named is not limited."))
@option(
    "--review",
    type=FILE,
    sentence=say("The review workbook with the answers; without it, the one in the output folder."),
)
@option(
    "--credits",
    "credits_file",
    type=FILE,
    sentence=say("credits.yaml of the last round: what it still owes."),
)
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="sheets",
    show_default=True,
    sentence=say("The folder for the papers; it appears complete or not at all."),
)
@option(
    "--labels",
    type=click.Choice([kind.value for kind in LabelKind]),
    multiple=True,
    default=["a4"],
    show_default=True,
    sentence=say("Size of the labels in mm; a4 is 24 on a sheet. Can be repeated."),
)
@option(
    "--label-per",
    type=click.Choice([per.value for per in LabelPer]),
    default="household",
    show_default=True,
    sentence=say("A label for each household's bag, or for each piece."),
)
@option(
    "--phone",
    type=click.Choice([kind.value for kind in PhoneKind]),
    default="tail",
    show_default=True,
    sentence=say("How much of the phone number the papers show."),
)
@option(
    "--people", type=click.IntRange(1), sentence=say("Volunteers at hand; without it, as many as are needed.")
)
@option(
    "--carts", type=click.IntRange(1), sentence=say("Carts at hand; without it, one for each unit and more.")
)
@option(
    "--last-case",
    type=click.Choice(list(LAST_CASE)),
    default="up",
    show_default=True,
    sentence=say("When a case is not full: order it (up), from half of it on (half), or never (full)."),
)
@option("--column", "columns", multiple=True, sentence=say("What a column is: 房号=room; can be repeated."))
@option(
    "--confirm", sentence=say("The hash of the preview that was checked; a different reading is refused.")
)
@option(
    "--workers",
    type=click.IntRange(1, 16),
    default=2,
    show_default=True,
    sentence=say("Processes that typeset."),
)
def sheets(
    inputs: tuple[str, ...],
    compound: Path,
    offer: Path | None,
    stock: Path | None,
    review: Path | None,
    credits_file: Path | None,
    output: Path,
    labels: tuple[str, ...],
    label_per: str,
    phone: str,
    people: int | None,
    carts: int | None,
    last_case: str,
    columns: tuple[str, ...],
    confirm: str | None,
    workers: int,
    translate: Translate,
) -> int:
    """Read, share, load, print."""
    options = Options(
        compound_file=compound,
        output=output,
        stock=stock,
        review=review,
        credits=credits_file,
        labels=tuple(map(LabelKind, labels)),
        label_per=LabelPer(label_per),
        phone=PhoneKind(phone),
        hands=Hands(people, carts),
        confirm=confirm,
        last_case=LAST_CASE[last_case],
        workers=workers,
    )
    known = read_compound(compound)
    given = gather(inputs, compound=known, offer=offer, columns=columns)
    return make_sheets(given, known, options, translate)
