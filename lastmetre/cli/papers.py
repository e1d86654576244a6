"""`lastmetre papers`: the papers of rounds into a folder, whether `serve` runs or not."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre.cli.speaking import command, option
from lastmetre.papers.pack import LabelKind, PhoneKind
from lastmetre.terms import Translate, say

FOLDER = click.Path(path_type=Path, file_okay=False)


@command(
    "papers", say("Papers of a round, or of all open rounds, into a folder: for when the server is gone.")
)
@click.argument("round_", metavar="[ROUND]", required=False, default="")
@option("--all", "all_", is_flag=True, sentence=say("Write the papers of all open rounds."))
@option(
    "--to",
    "folder",
    type=FOLDER,
    required=True,
    sentence=say(
        "The folder that they are written into, one folder a round; each appears complete or not at all."
    ),
)
@option(
    "--labels",
    type=click.Choice([kind.value for kind in LabelKind]),
    multiple=True,
    default=["70x50", "a4"],
    show_default=True,
    sentence=say("Size of the labels in mm; a4 is 24 on a sheet. Can be repeated."),
)
@option(
    "--phone",
    type=click.Choice([PhoneKind.TAIL.value, PhoneKind.MASKED.value, PhoneKind.NONE.value]),
    default="tail",
    show_default=True,
    sentence=say("How much of the phone number the papers show."),
)
@option("--data", type=FOLDER, sentence=say("The data folder (LASTMETRE_DATA)."))
def papers(
    round_: str,
    all_: bool,
    folder: Path,
    labels: tuple[str, ...],
    phone: str,
    data: Path | None,
    translate: Translate,
) -> int:
    """Write them, and say where."""
    from lastmetre.cli.installation import ready

    with ready(data):
        from lastmetre.cli.paper_rounds import write

        written = write(
            "" if all_ else round_, folder, tuple(map(LabelKind, labels)), PhoneKind(phone), translate, all_
        )
    for path, files in written.items():
        click.echo(say("{folder}: {files} files.", folder=str(path), files=files).text(translate))
    return 0
