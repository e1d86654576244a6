"""`lastmetre export`: the tables as CSV, for other programs and for the records."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre.cli.speaking import command, option
from lastmetre.terms import InputError, Translate, say


@command("export", say("Write the tables as CSV into a zip file, without names and phones."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    sentence=say("The data folder (LASTMETRE_DATA)."),
)
@option("--with-personal", is_flag=True, sentence=say("With names, phones and needs; --why is wanted."))
@option("--why", default="", sentence=say("What it is for: it is written into the journal."))
def export(file: Path, data: Path | None, with_personal: bool, why: str, translate: Translate) -> int:
    """Hand out what may be handed out; secrets never are."""
    if with_personal and not why.strip():
        raise InputError(
            say("Names and phones leave the product only for a reason."),
            remedy=say("Write what you need them for: --why."),
        )
    if file.exists():
        raise InputError(
            say("{file} is there already.", file=str(file)), remedy=say("Name another file, or move it away.")
        )
    from lastmetre.cli.installation import ready

    with ready(data):
        from lastmetre.cli.handing_out import hand_out

        written = hand_out(file, with_personal=with_personal, why=why.strip())
    rows = sum(written.values())
    done = say("{file}: {rows} rows of {tables} tables.", file=str(file), rows=rows, tables=len(written))
    click.echo(done.text(translate))
    return 0
