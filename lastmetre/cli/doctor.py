"""`lastmetre doctor`: what is well, what is to do, and how."""

from __future__ import annotations

from pathlib import Path

import click

from lastmetre.cli.speaking import EXIT_DOUBTS, command, option
from lastmetre.terms import Translate, say

FOLDER = click.Path(path_type=Path, file_okay=False)


@command("doctor", say("Check machine, database, keys and versions; say what is to do."))
@option("--data", type=FOLDER, sentence=say("The data folder (LASTMETRE_DATA)."))
@option("--port", type=int, default=8000, show_default=True, sentence=say("The port of the pages."))
def doctor(data: Path | None, port: int, translate: Translate) -> int:
    """Print a line a check; code 3 where something is to do."""
    from lastmetre.cli.examination import examine

    to_do = 0
    for finding in examine(data, port):
        mark = click.style("✓", fg="green") if finding.is_well else click.style("✗", fg="red")
        click.echo(f"{mark} {finding.what.text(translate)}")
        if not finding.is_well:
            to_do += 1
            click.echo(f"  → {finding.remedy.text(translate)}")
    end = say("{count} things to do.", count=to_do) if to_do else say("All is well.")
    click.echo(end.text(translate))
    return EXIT_DOUBTS if to_do else 0
