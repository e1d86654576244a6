"""`lastmetre serve`: the whole product in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lastmetre.cli.speaking import command, option
from lastmetre.terms import Translate, say

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path)


@command("serve", say("Start everything: database, pages, background jobs. Ctrl-C stops it."))
@option("--data", type=FOLDER, sentence=say("The data folder (LASTMETRE_DATA)."))
@option("--scenario", metavar="NAME", sentence=say("Load a scenario into an empty database, such as erqi."))
@option("--port", type=int, default=8000, show_default=True, sentence=say("The port of the pages."))
@option(
    "--listen",
    metavar="ADDRESS",
    sentence=say("The address to listen on; without --host it is 127.0.0.1, this machine alone."),
)
@option(
    "--host", metavar="NAME", default="", sentence=say("The name that phones open; with --cert and --key.")
)
@option("--cert", type=FILE, sentence=say("The certificate of --host, a PEM file."))
@option("--key", type=FILE, sentence=say("The certificate's key, a PEM file."))
@option(
    "--behind-proxy",
    metavar="URL",
    default="",
    sentence=say("The https address of a proxy in front, instead of --host."),
)
@option(
    "--only",
    type=click.Choice(["web", "worker"]),
    sentence=say("A second machine: only pages, or only jobs, on the first one's DATABASE_URL and key file."),
)
def serve(translate: Translate, **options: Any) -> int:
    """Start and keep everything."""
    from lastmetre.cli.serving import Wanted, run  # what it needs is too slow to load for the other commands

    return run(Wanted(**options), translate)
