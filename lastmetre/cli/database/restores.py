"""Restoring: everything in a database is replaced by a backup, in one transaction or not at all."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import zipfile
from pathlib import Path

from lastmetre.cli.database.backups import DUMP, Manifest, blocks, checksums
from lastmetre.cli.database.clients import Client
from lastmetre.cli.database.reaching import reach
from lastmetre.terms import InputError, say

_ANEW = b"""
SET lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
"""


def restore(owner_url: str, source: Path, manifest: Manifest) -> None:
    """Replace what a database holds by a backup that `read_manifest` found whole. Raises InputError."""
    load = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
    unpack = ("--no-owner", "--no-comments", "--file=-")
    with Client(owner_url).running("psql", *load, stdin=subprocess.PIPE) as loading:
        into = loading.process.stdin
        assert into
        into.write(_ANEW)
        into.flush()
        with Client().running("pg_restore", *unpack, stdin=subprocess.PIPE, stdout=into) as unpacking:
            _feed(source, unpacking.process)
            if unpacking.process.wait() == -signal.SIGPIPE:
                loading.check()  # it stopped listening and says why
            unpacking.check()  # fails: psql is killed before it could commit a part
        into.close()
        loading.check()
    _compare(owner_url, manifest)


def is_empty(owner_url: str) -> bool:
    """Whether a database holds nothing that people entered: no place and no account."""
    with reach(owner_url) as connection:
        for table in ("places_place", "people_account"):
            there = connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
            if there != (None,) and connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                return False
    return True


def _feed(source: Path, process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    with contextlib.suppress(BrokenPipeError), zipfile.ZipFile(source) as archive, archive.open(DUMP) as dump:
        for block in blocks(dump):
            process.stdin.write(block)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def _compare(owner_url: str, manifest: Manifest) -> None:
    with reach(owner_url) as connection:
        connection.execute("ANALYZE")
        found = checksums(connection)
    names = found.keys() | manifest.tables.keys()
    differing = sorted(name for name in names if found.get(name) != manifest.tables.get(name))
    if differing:
        raise InputError(
            say("After restoring, these tables differ from the backup: {names}.", names=", ".join(differing)),
            remedy=say("Do not work with this data; restore once more, or take an older backup."),
        )
