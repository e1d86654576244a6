"""Backups: one file with a dump, what it holds and its checksums; the keys of personal data are not in it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from lastmetre import __version__
from lastmetre.cli.database.clients import Client
from lastmetre.cli.database.places import unwritable
from lastmetre.cli.database.reaching import reach
from lastmetre.cli.database.roles import Connection
from lastmetre.terms import InputError, Source, say

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    format: int
    version: str
    """Of Lastmetre."""
    made_at: str
    application_role: str
    keys: str
    """The fingerprint of the key file that it needs."""
    migrations: tuple[str, ...]
    """app.name of each."""
    tables: Mapping[str, tuple[int, str]]
    """Rows and checksum of each table."""
    dump_sha256: str


def write_backup(owner_url: str, target: Path, *, application_role: str, keys: str) -> Manifest:
    """Write a backup of one moment while others go on writing; the file appears whole or not at all.

    Raises InputError.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with reach(owner_url) as connection, open(part, "wb", opener=_private) as file:
            with connection.transaction(), zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                connection.execute("SET LOCAL transaction_timeout = 0")
                connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                ((snapshot, made_at),) = connection.execute("SELECT pg_export_snapshot(), now()").fetchall()
                digest = _dump(owner_url, str(snapshot), archive)
                manifest = Manifest(
                    FORMAT, __version__, str(made_at), application_role, keys,
                    migrations_in(connection), checksums(connection), digest,
                )  # fmt: skip
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise unwritable(target.parent, error) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """Read what a backup holds and check that it arrived whole. Raises InputError."""
    try:
        with zipfile.ZipFile(source) as archive:
            held = json.loads(archive.read(MANIFEST))
            held["tables"] = {name: (rows, total) for name, (rows, total) in held["tables"].items()}
            manifest = Manifest(**held | {"migrations": tuple(held["migrations"])})
            if manifest.format > FORMAT:
                raise newer_than_program(manifest)
            digest = hashlib.sha256()
            with archive.open(DUMP) as dump:
                for block in blocks(dump):
                    digest.update(block)
            whole = digest.hexdigest() == manifest.dump_sha256
    except FileNotFoundError as error:
        raise InputError(
            say("{file} is not there.", file=str(source)), remedy=say("Correct the name of the backup.")
        ) from error
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise _damaged(source) from error
    if not whole:
        raise _damaged(source)
    return manifest


def checksums(connection: Connection) -> dict[str, tuple[int, str]]:
    """Count the rows of every table and add up their hashes, whatever their order."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall()
    found = {}
    for (name,) in names:
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(hashtextextended(one::text, 0)::numeric), 0)::text FROM {} AS one"
        )
        ((rows, total),) = connection.execute(query.format(sql.Identifier(str(name)))).fetchall()
        found[str(name)] = (int(str(rows)), str(total))
    return found


def migrations_in(connection: Connection) -> tuple[str, ...]:
    """Return the migrations that a database has had; none where it is empty."""
    if connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() == (None,):
        return ()
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return tuple(str(name) for (name,) in rows)


def newer_than_program(manifest: Manifest) -> InputError:
    """Say that a backup was made by a newer version."""
    return InputError(
        say("The backup is of Lastmetre {backup}, newer than this one ({own}).", backup=manifest.version, own=__version__),
        remedy=say("Install that version or a newer one; nothing was changed."),
    )  # fmt: skip


def role_of(url: str) -> str:
    """Return the role that an address signs in as."""
    return str(conninfo_to_dict(url).get("user") or "")


def _dump(owner_url: str, snapshot: str, archive: zipfile.ZipFile) -> str:
    """Stream a dump into the archive; return its checksum."""
    what = ("--format=custom", "--no-owner", f"--snapshot={snapshot}")
    digest = hashlib.sha256()
    with Client(owner_url).running("pg_dump", *what, stdout=subprocess.PIPE) as dumping:
        assert dumping.process.stdout
        with archive.open(DUMP, "w", force_zip64=True) as inside:
            for block in blocks(dumping.process.stdout):
                digest.update(block)
                inside.write(block)
        dumping.check()
    return digest.hexdigest()


def blocks(source: IO[bytes]) -> Iterator[bytes]:
    """Read a stream in pieces."""
    while block := source.read(BLOCK):
        yield block


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _damaged(source: Path) -> InputError:
    return InputError(
        say("This is no backup of Lastmetre, or it is damaged."),
        remedy=say("Copy it again, or take another; nothing was changed."),
        source=Source(str(source)),
    )
