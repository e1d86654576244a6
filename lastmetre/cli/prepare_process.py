"""The process that makes a database ready, as its owner, before anything is served."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import django
from django.conf import settings

from lastmetre.cli.database.reaching import reach
from lastmetre.cli.language import speak
from lastmetre.cli.speaking import EXIT_INPUT
from lastmetre.terms import InputError, say


def prepare(what: str = "all") -> None:
    """Make everything ready ("all"), or check that a second machine fits ("join"); say what hinders it."""
    from lastmetre.web.collect import collect

    try:
        reach(
            os.environ["DATABASE_OWNER_URL" if "LASTMETRE_AS_OWNER" in os.environ else "DATABASE_URL"]
        ).close()
        django.setup()
        join() if what == "join" else make_ready()
        collect()
    except InputError as error:
        click.echo(click.style(error.text(speak()), fg="red"), err=True)
        sys.exit(EXIT_INPUT)


def make_ready() -> None:
    """Make the key file and bring the database up to date. Raises InputError where that would do harm."""
    from lastmetre.ground.protection.keys import create_key_file
    from lastmetre.web.migrate import migrate

    waiting = pending()
    if not Path(settings.KEY_FILE).exists():
        check_no_key_is_missed()
        create_key_file(Path(settings.KEY_FILE))
    if waiting and not settings.AS_OWNER:
        raise InputError(
            say("The database is not up to date, and only its owner may change its tables."),
            remedy=say("Set DATABASE_OWNER_URL for this start."),
        )
    if settings.AS_OWNER:
        migrate()


def join() -> None:
    """Check that a second machine fits the database of the first: same version, same key file."""
    from lastmetre.ground.protection.keys import keys

    if pending():
        raise InputError(
            say("The database is of an older version of Lastmetre."),
            remedy=say("Start the new version on the first machine, then here."),
        )
    keys()


def pending() -> bool:
    """Whether migrations wait; raises InputError where the data is of a newer version than this program."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    loader = MigrationExecutor(connection).loader
    unknown = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
        and (app, name) not in loader.replacements
    ]  # fmt: skip
    if unknown:
        raise InputError(
            say(
                "The data is of a newer version of Lastmetre ({names}).", names=", ".join(sorted(unknown)[:3])
            ),
            remedy=say("Install the version that wrote it, or a newer one; nothing was changed."),
        )
    return any(node not in loader.applied_migrations for node in loader.graph.leaf_nodes())


def check_no_key_is_missed() -> None:
    """Raise InputError where the database holds what a lost key file had sealed."""
    from django.db import connection

    if "protection_response" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM protection_response WHERE erased_at IS NULL")
        (sealed,) = cursor.fetchone() or (0,)
    if sealed:
        raise InputError(
            say("The database is there, but its key file {path} is not.", path=str(settings.KEY_FILE)),
            remedy=say("Copy it from the machine that made the data, or name it in LASTMETRE_KEYS."),
        )
