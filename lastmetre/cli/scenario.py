"""`lastmetre scenario`: the ready-made places, and loading one into a database."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre import scenarios
from lastmetre.cli.speaking import command, option
from lastmetre.terms import InputError, Translate, say, untranslated

SEED = 7


@command("list", say("List the scenarios."))
def list_scenarios(translate: Translate) -> int:
    """Print each scenario's name, place and size."""
    for name in scenarios.names():
        world = scenarios.build(name)
        size = say(
            "{places} places, {households} households, {people} people with duties, {suppliers} suppliers",
            places=len(world.places),
            households=len(world.households),
            people=len(world.people),
            suppliers=len(world.suppliers),
        )
        click.echo(f"{name:<10}{world.title}: {size.text(translate)}")
    return 0


@command("load", say("Load a scenario into the database; loading it again changes nothing."))
@click.argument("name")
@option(
    "--seed", type=int, default=SEED, show_default=True, sentence=say("Other people, prices and head counts.")
)
@option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    sentence=say("The data folder (LASTMETRE_DATA)."),
)
def load(name: str, seed: int, data: Path | None, translate: Translate) -> int:
    """Load in a process of its own, which has the database's address but not its owner's password."""
    from lastmetre.cli.installation import opened, run_step  # what they need is slow to load

    check_name(name)
    with opened(data) as installation:
        language = {"LASTMETRE_LANG": "en" if translate is untranslated else "zh"}
        run_step("scenario", name, str(seed), environment=installation.environment() | language)
    return 0


def check_name(name: str) -> None:
    """Raise InputError where there is no scenario of that name."""
    if name not in scenarios.names():
        raise InputError(
            say("There is no scenario “{name}”.", name=name),
            remedy=say("Choose one of {names}.", names="、".join(scenarios.names())),
        )


@click.group("scenario")
def scenario() -> None:
    """现成的场景：列出，装入数据库。Ready-made places: list them, load one."""


scenario.add_command(list_scenarios)
scenario.add_command(load)
