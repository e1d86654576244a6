"""A migrated database server that is kept between runs: each test process starts on a copy of it, not from nothing."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from databases import point_at
from django.conf import settings
from django.db import connections

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.protection.keys import create_key_file
from lastmetre.web.migrate import migrate

PACKAGE = Path(__file__).parents[1] / "lastmetre"
KEPT = Path(sys.prefix) / "prepared"
"""Goes with the environment: `rm -r .venv` starts afresh."""
SOURCES = (
    "*/*/migrations/*.py",
    "ground/protection/*.py",
    "ground/*/*rules.py",
    "ground/*/catalogue.py",
    "ground/*/standing.py",
    "cli/database/*.py",
)
"""What the tables and the data of every installation are made from."""
TEMPLATE = "lastmetre"
"""Migrated; every other database is a copy of it."""
KEY_FILE = "keys.json"
OLD_S = 86_400


def prepared(blocker: Any) -> Path:
    """Return a folder with a stopped server's `database` and its `keys.json`; it is made where there is none."""
    folder = KEPT / _digest()
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other test processes wait for the first
        if not folder.exists():
            _forget_old()
            with TemporaryDirectory(prefix="lastmetre-") as work:
                _make(Path(work), blocker)
                copy(Path(work), part := folder.with_suffix(".part"))
                part.rename(folder)
    return folder


def copy(source: Path, target: Path) -> None:
    """Copy a folder with its owners: root's server runs as somebody else."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", f"{source}", f"{target}"], check=True)


def _make(work: Path, blocker: Any) -> None:
    work.chmod(0o711)
    settings.KEY_FILE = work / KEY_FILE
    create_key_file(settings.KEY_FILE)
    cluster = Cluster(work / "database", durable=False)
    cluster.start()
    try:
        with blocker.unblock():
            point_at(cluster.url(Role.OWNER, TEMPLATE))
            migrate()
            connections.close_all()
    finally:
        cluster.stop()


def _digest() -> str:
    made_from = hashlib.sha256(f"{version('django')} {version('procrastinate')}".encode())
    for path in sorted(path for pattern in SOURCES for path in PACKAGE.glob(pattern)):
        made_from.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return made_from.hexdigest()[:16]


def _forget_old() -> None:
    for folder in KEPT.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < time.time() - OLD_S:
            shutil.rmtree(folder)
