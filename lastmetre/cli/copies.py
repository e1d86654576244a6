"""What `backup` and `restore` do to an installation: database, keys, and that both fit each other."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from lastmetre.cli.database.backups import (
    Manifest,
    newer_than_program,
    read_manifest,
    role_of,
    write_backup,
)
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.places import unwritable
from lastmetre.cli.database.reaching import reach
from lastmetre.cli.database.restores import is_empty, restore
from lastmetre.cli.installation import Installation, find, opened, run_step
from lastmetre.terms import InputError, Source, say


def back_up(target: Path, data: Path | None, keys: Path | None) -> Manifest:
    """Write a backup, and the keys into a file of their own where one is named. Raises InputError."""
    with opened(data) as found:
        _check_owner(found)
        fingerprint = _fingerprint(found.keys)
        made = write_backup(found.owner_url, target, application_role=role_of(found.url), keys=fingerprint)
        if keys is not None:
            _copy_keys(found.keys, keys)
    return made


def bring_back(source: Path, data: Path | None, keys: Path | None, *, replace: bool) -> tuple[Manifest, int]:
    """Restore a backup; returns what it held and how many responses have no key any more. Raises InputError."""
    manifest = read_manifest(source)
    found = find(data)
    _check_keys(manifest, keys or found.keys)
    if keys is not None and found.keys.exists() and _fingerprint(found.keys) != manifest.keys and not replace:
        raise InputError(
            say("{file} holds the keys of other data.", file=str(found.keys)),
            remedy=say("Move it to a safe place first, or say --replace."),
        )
    cluster = None if found.given else Cluster(found.folder)
    if cluster is not None:
        cluster.start()
        found = found.with_cluster(cluster)
    try:
        _check_owner(found)
        _check_fits(manifest, found)
        if not replace and not is_empty(found.owner_url):
            raise InputError(
                say("The database holds data already."),
                remedy=say("Back it up, then say --replace, or name another data folder with --data."),
            )
        restore(found.owner_url, source, manifest)
        if keys is not None:
            _copy_keys(keys, found.keys)
        run_step("prepare", "upgrade", environment=found.environment(as_owner=True))
        _go_on_from(manifest)
        return manifest, _responses_without_key(found)
    finally:
        if cluster is not None:
            cluster.stop()


def _go_on_from(manifest: Manifest) -> None:
    """Write into the journal that what came after the backup is gone, and seal on from there."""
    from lastmetre.ground.journal.actions import accept_break  # Django was set up by `known_migrations`
    from lastmetre.ground.protection.actor import SYSTEM

    accept_break(by=SYSTEM, why=f"restored the backup of {manifest.made_at[:19]}")


def _check_owner(found: Installation) -> None:
    if not found.owner_url:
        raise InputError(
            say("Only the owner of the tables may copy all of them."),
            remedy=say("Set DATABASE_OWNER_URL beside DATABASE_URL."),
        )
    reach(found.owner_url).close()


def _check_fits(manifest: Manifest, found: Installation) -> None:
    if role_of(found.url) != manifest.application_role:
        raise InputError(
            say("The backup was made for the role {role}.", role=manifest.application_role),
            remedy=say("Make a role of this name for DATABASE_URL."),
        )
    if set(manifest.migrations) - known_migrations(found):
        raise newer_than_program(manifest)


def known_migrations(found: Installation) -> set[str]:
    """Return app.name of every migration of this program."""
    os.environ.update(found.environment())
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *loader.replacements}}


def _check_keys(manifest: Manifest, keys: Path) -> None:
    """Without the right keys a restored database would hold nothing but riddles."""
    if _fingerprint(keys) != manifest.keys:
        raise InputError(
            say("{file} is not the key file of this backup.", file=str(keys)),
            remedy=say("Name the right one with --keys; nothing was changed."),
        )


def _fingerprint(keys: Path) -> str:
    """Name a key file by its master key, so that nobody can tell the key."""
    try:
        master = json.loads(keys.read_text(encoding="ascii"))["master"]
    except FileNotFoundError as error:
        raise InputError(
            say("The key file {path} is not there.", path=str(keys)),
            remedy=say("Name it with --keys or in LASTMETRE_KEYS."),
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            say("The key file {path} is damaged.", path=str(keys)),
            remedy=say("Put a good copy of it in its place; without it personal data cannot be read."),
            source=Source(str(keys)),
        ) from error
    return hashlib.blake2b(str(master).encode(), person=b"lastmetre-backup", digest_size=8).hexdigest()


def _copy_keys(source: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(source.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise unwritable(target.parent, error) from error


def _responses_without_key(found: Installation) -> int:
    held = json.loads(found.keys.read_text(encoding="ascii"))["responses"]
    with reach(found.owner_url) as connection:
        rows = connection.execute(
            "SELECT id::text FROM protection_response WHERE erased_at IS NULL"
        ).fetchall()
    return sum(str(one) not in held for (one,) in rows)
