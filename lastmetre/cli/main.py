"""The command `lastmetre`."""

from __future__ import annotations

import click

from lastmetre import __version__
from lastmetre.cli.compare import compare
from lastmetre.cli.createadmin import createadmin
from lastmetre.cli.demo import demo
from lastmetre.cli.doctor import doctor
from lastmetre.cli.export import export
from lastmetre.cli.journal import journal
from lastmetre.cli.read import read
from lastmetre.cli.saving import backup, restore
from lastmetre.cli.scenario import scenario
from lastmetre.cli.serve import serve
from lastmetre.cli.sheets import sheets

ORDER = (demo, sheets, read, compare, serve, scenario, createadmin, backup, restore, export, journal, doctor)


class _InOrder(click.Group):
    """Lists the commands in the order in which they are met, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `ORDER`."""
        return [command.name or "" for command in ORDER]


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """最后一米 · Lastmetre: 从居民真正发来的订单，到门口的单据。From what residents really send to sheets at the door."""


for one in ORDER:
    main.add_command(one)
