"""`lastmetre backup` and `lastmetre restore`."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre.cli.speaking import command, option
from lastmetre.terms import InputError, Translate, say

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


@command("backup", say("Write all data into one file; the keys of personal data go apart."))
@click.argument("file", type=FILE)
@option("--data", type=FOLDER, sentence=say("The data folder (LASTMETRE_DATA)."))
@option(
    "--keys",
    type=FILE,
    sentence=say("Write the keys too, into a file of their own: keep it in another place."),
)
def backup(file: Path, data: Path | None, keys: Path | None, translate: Translate) -> int:
    """Back up, also while `serve` runs."""
    from lastmetre.cli import copies

    for target in (file, keys):
        if target is not None and target.exists():
            raise InputError(
                say("{file} is there already.", file=str(target)),
                remedy=say("Name another file, or move it away."),
            )
    made = copies.back_up(file, data, keys)
    rows = sum(rows for rows, _ in made.tables.values())
    done = say("{file}: {rows} rows of {tables} tables.", file=str(file), rows=rows, tables=len(made.tables))
    click.echo(done.text(translate))
    if keys is None:
        hint = say(
            "Names and phones can be read only with the key file: keep a copy of it in another place (--keys)."
        )
        click.echo(hint.text(translate))
    return 0


@command("restore", say("Replace all data by a backup; `serve` must not run."))
@click.argument("file", type=FILE)
@option("--data", type=FOLDER, sentence=say("The data folder (LASTMETRE_DATA)."))
@option(
    "--keys",
    type=FILE,
    sentence=say("The key file that belongs to the backup, where it is not in its place."),
)
@option("--replace", is_flag=True, sentence=say("Replace what is there."))
def restore(file: Path, data: Path | None, keys: Path | None, replace: bool, translate: Translate) -> int:
    """Restore all of it or nothing, and compare checksums."""
    from lastmetre.cli import copies

    restored, unreadable = copies.bring_back(file, data, keys, replace=replace)
    done = say(
        "Restored as of {moment}; all checksums of {tables} tables agree.",
        moment=restored.made_at[:19],
        tables=len(restored.tables),
    )
    click.echo(done.text(translate))
    if unreadable:
        lost = say(
            "The personal data of {count} responses cannot be read: their keys are not in the key file.",
            count=unreadable,
        )
        click.echo(lost.text(translate))
    return 0
