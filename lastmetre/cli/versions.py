"""Whether data and program fit each other: migrations and keys. Django is set up when these are called."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lastmetre.terms import InputError, say


def pending() -> list[str]:
    """Return the migrations that wait; raises InputError where the data is of a newer version than this program."""
    loader = MigrationExecutor(connection).loader
    known = {*loader.disk_migrations, *loader.replacements}
    unknown = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in known
    ]
    if unknown:
        raise InputError(
            say(
                "The data is of a newer version of Lastmetre ({names}).", names=", ".join(sorted(unknown)[:3])
            ),
            remedy=say("Install the version that wrote it, or a newer one; nothing was changed."),
        )
    return sorted(
        f"{app}.{name}" for app, name in loader.graph.nodes if (app, name) not in loader.applied_migrations
    )


def check_up_to_date() -> None:
    """Raise InputError where migrations wait."""
    if pending():
        raise InputError(
            say("The database is of an older version of Lastmetre."),
            remedy=say(
                "Run `lastmetre serve` once on the first machine: it brings the database up to date. If it is starting"
                " just now, wait until it is ready."
            ),
        )


def check_no_key_is_missed(keys: Path) -> None:
    """Raise InputError where the database holds what a lost key file had sealed."""
    if "protection_response" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM protection_response WHERE erased_at IS NULL")
        (sealed,) = cursor.fetchone()
    if sealed:
        raise InputError(
            say("The database is there, but its key file {path} is not.", path=str(keys)),
            remedy=say("Copy it from the machine that made the data, or name it in LASTMETRE_KEYS."),
        )


def responses_without_key() -> int:
    """Count the responses that are not erased and whose key is not in the key file."""
    from lastmetre.ground.protection.keys import keys
    from lastmetre.ground.protection.models import Response

    held = keys().responses
    return sum(
        one not in held for one in Response.objects.filter(erased_at=None).values_list("pk", flat=True)
    )
