"""The process that loads a scenario: it knows the database's address and the key file, and ends."""

from __future__ import annotations

import sys

import click
import django

from lastmetre.cli.language import speak
from lastmetre.cli.scenario import SEED
from lastmetre.cli.speaking import EXIT_INPUT
from lastmetre.terms import InputError, say, untranslated


def load(name: str, seed: str = str(SEED), address: str = "") -> None:
    """Load a scenario and say what is there now and who can sign in; what hinders it is said too.

    `address` is where the pages are, such as http://127.0.0.1:8000.
    """
    translate = speak()
    try:
        django.setup()
        from lastmetre.cli.loading import load_scenario  # models cannot be loaded before the set-up

        loaded = load_scenario(
            name, seed=int(seed), tell=lambda sentence: click.echo(sentence.text(translate))
        )
    except InputError as error:
        click.echo(click.style(error.text(translate), fg="red"), err=True)
        sys.exit(EXIT_INPUT)
    if loaded is None:
        click.echo(say("{name} is there already; nothing was changed.", name=name).text(translate))
        click.echo(
            say("Its logins were told when it was loaded; `lastmetre createadmin` makes another.").text(
                translate
            )
        )
        return
    for line in loaded.lines(address.rstrip("/"), english=translate is untranslated):
        click.echo(line.text(translate))
