"""`lastmetre journal`: whether the journal is what was written; sealing it by hand; going on after a restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lastmetre.cli.speaking import command, option
from lastmetre.terms import Translate, say

if TYPE_CHECKING:
    from lastmetre.ground.journal.queries.verify import Finding

EXIT_TAMPERED = 5
"""Somebody has changed the journal by hand."""


def data_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names the data folder."""
    sentence = say("The data folder (LASTMETRE_DATA).")
    return option("--data", type=click.Path(path_type=Path, file_okay=False), sentence=sentence)(function)


@command("verify", say("Find what was changed in the journal, removed from it or slipped into it."))
@data_option
@option("--resume", is_flag=True, sentence=say("Go on where an interrupted run stopped."))
def verify(data: Path | None, resume: bool, translate: Translate) -> int:
    """Read the whole journal; returns EXIT_TAMPERED where anything is wrong."""
    from lastmetre.cli.installation import ready  # what it needs is slow to load

    with ready(data):
        return _verify(resume, translate)


def _verify(resume: bool, translate: Translate) -> int:
    from lastmetre.ground.journal import anchor
    from lastmetre.ground.journal.queries import verify as verifying

    after = anchor.read(anchor.verified()) if resume else None
    count = 0
    position = after.position if after else 0
    if after:
        click.echo(say("From line {position} on.", position=position + 1).text(translate), err=True)

    def keep(head: anchor.Head) -> None:
        nonlocal position
        position = head.position
        # What was found must be told again by a later run.
        if not count:
            anchor.write(head, anchor.verified())

    for finding in verifying.verify(after=after, progress=keep):
        count += 1
        click.echo(_told(finding, translate))
    anchor.verified().unlink(missing_ok=True)
    if count:
        click.echo(
            say("{count} faults found. Keep the disk as it is, and compare with a backup.", count=count).text(
                translate
            ),
            err=True,
        )
        return EXIT_TAMPERED
    click.echo(say("The journal is whole: {count} lines.", count=position).text(translate))
    return 0


def _told(finding: Finding, translate: Translate) -> str:
    from lastmetre.ground.journal.models import Entry
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    what = finding.what.text(translate)
    where = (
        say("Line {position}", position=finding.position)
        if finding.position
        else say("A line not yet sealed")
    ).text(translate)
    if finding.entry is None:
        return f"{where}: {what}"
    with acting_as(SYSTEM):
        line = Entry.objects.filter(pk=finding.entry).first()
    says = f", {line.at:%Y-%m-%d %H:%M:%S}Z {line.actor} {line.verb} {line.kind}" if line else ""
    return f"{where} ({finding.entry}{says}): {what}"


@command("seal", say("Seal the lines that are not yet; the server does so every few seconds."))
@data_option
def seal(data: Path | None, translate: Translate) -> int:
    """Seal by hand."""
    from lastmetre.cli.installation import ready

    with ready(data):
        from lastmetre.ground.journal import actions

        count = actions.seal(thorough=True)
    click.echo(say("{count} lines sealed.", count=count).text(translate))
    return 0


@command("accept", say("After an older backup was restored: go on from where it ends."))
@data_option
@option("--why", required=True, sentence=say("What happened, in words that everybody may read."))
def accept(data: Path | None, why: str, translate: Translate) -> int:
    """Write the break into the journal and seal on."""
    from lastmetre.cli.installation import ready

    with ready(data):
        from lastmetre.ground.journal import actions
        from lastmetre.ground.protection.actor import SYSTEM

        actions.accept_break(by=SYSTEM, why=why)
    click.echo(say("The break is written in the journal; sealing goes on.").text(translate))
    return 0


@click.group("journal")
def journal() -> None:
    """日志：核对，封存。The journal: verify it, seal it."""


for one in (verify, seal, accept):
    journal.add_command(one)
