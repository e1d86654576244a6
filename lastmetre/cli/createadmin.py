"""`lastmetre createadmin`: the first account, which can make all others."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lastmetre.cli.speaking import command, option
from lastmetre.terms import Translate, say

FOLDER = click.Path(path_type=Path, file_okay=False)
KINDS = (
    "city",
    "district",
    "county",
    "subdistrict",
    "township",
    "community",
    "village",
    "compound",
    "campus",
)


@command("createadmin", say("Make the account of an administrator, who can make all others."))
@option("--data", type=FOLDER, sentence=say("The data folder (LASTMETRE_DATA)."))
@option("--place", sentence=say("The place that the administrator looks after, with all in it."))
@option(
    "--kind",
    type=click.Choice(KINDS),
    default="district",
    show_default=True,
    sentence=say("What kind of place that is, where it has to be made."),
)
@option("--name", sentence=say("The administrator's name."))
@option("--username", sentence=say("What the administrator signs in with."))
def createadmin(
    data: Path | None,
    place: str | None,
    kind: str,
    name: str | None,
    username: str | None,
    translate: Translate,
) -> int:
    """Ask for what is not given; the password is typed, or one line of standard input."""
    from lastmetre.cli.installation import ready

    with ready(data):
        from lastmetre.cli.administrator import Administrator, make

        wanted = Administrator(
            place=place or click.prompt(say("Place").text(translate)),
            kind=kind,
            name=name or click.prompt(say("Name").text(translate)),
            username=username or click.prompt(say("User name").text(translate)),
            password=_password(translate),
        )
        click.echo(make(wanted).text(translate))
    return 0


def _password(translate: Translate) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt(say("Password").text(translate), hide_input=True, confirmation_prompt=True))
