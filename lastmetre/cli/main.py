"""The command `lastmetre`."""

from __future__ import annotations

from importlib import import_module

import click

from lastmetre import __version__

MODULES = {
    "demo": "demo",
    "sheets": "sheets",
    "read": "read",
    "compare": "compare",
    "drill": "drill",
    "serve": "serve",
    "scenario": "scenario",
    "createadmin": "createadmin",
    "backup": "saving",
    "restore": "saving",
    "export": "export",
    "papers": "papers",
    "journal": "journal",
    "doctor": "doctor",
}
"""The commands in the order in which they are met, each with the module that defines it under its name."""


class _OnDemand(click.Group):
    """Loads only the command that was asked for: what reads workbooks need not load to start a server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `MODULES`."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load a command."""
        if name not in MODULES:
            return None
        found: click.Command = getattr(import_module(f"lastmetre.cli.{MODULES[name]}"), name)
        return found


@click.group(cls=_OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """最后一米 · Lastmetre: 从居民真正发来的订单，到门口的单据。From what residents really send to sheets at the door."""
