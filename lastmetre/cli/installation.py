"""What an installation consists of: a data folder, a database, a key file; and what its processes are told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.cli.database.places import default_data_folder
from lastmetre.cli.database.reaching import name_of, reach
from lastmetre.cli.lifeline import as_parent
from lastmetre.cli.speaking import EXIT_INPUT
from lastmetre.terms import InputError, say

KEY_FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where an installation keeps what."""

    folder: Path
    keys: Path
    url: str = ""
    """The application's address of the database."""
    owner_url: str = ""
    """The address for migrations; '' on a machine that only joins."""
    given: bool = False
    """Whether the database is somebody else's server (DATABASE_URL)."""

    def with_cluster(self, cluster: Cluster) -> Installation:
        """Return it with the addresses of the embedded database."""
        return replace(self, url=cluster.url(Role.APP), owner_url=cluster.url(Role.OWNER))

    def environment(self, *, as_owner: bool = False) -> dict[str, str]:
        """Return the environment of a process of ours; only the migrating one learns the owner's password."""
        told = dict(os.environ)
        told |= {
            "DATABASE_URL": self.url,
            "LASTMETRE_DATA": str(self.folder),
            "LASTMETRE_KEYS": str(self.keys),
            "LASTMETRE_STATIC": told.get("LASTMETRE_STATIC") or str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "lastmetre.web.settings",
        }
        told.pop("DATABASE_OWNER_URL", None)
        told.pop("LASTMETRE_AS_OWNER", None)
        if as_owner:
            told |= {"DATABASE_OWNER_URL": self.owner_url, "LASTMETRE_AS_OWNER": "1"}
        return told


def find(data: Path | None) -> Installation:
    """Return what the options and the environment say; an embedded database has no address yet."""
    folder = Path(os.path.abspath(data or default_data_folder()))
    keys = Path(os.path.abspath(os.environ.get("LASTMETRE_KEYS") or folder / KEY_FILE))
    found = Installation(folder, keys)
    if (url := os.environ.get("DATABASE_URL")) is None:
        return found
    name_of(url)
    return replace(found, url=url, owner_url=os.environ.get("DATABASE_OWNER_URL", ""), given=True)


@contextmanager
def opened(data: Path | None) -> Iterator[Installation]:
    """Give an installation whose database answers, whether `serve` runs or not; started here, it is stopped here."""
    found = find(data)
    if found.given:
        yield found
        return
    cluster = Cluster(found.folder)
    if cluster.running:
        yield found.with_cluster(cluster)
        return
    if not cluster.has_data:
        raise InputError(
            say("There is no data in {folder}.", folder=str(found.folder)),
            remedy=say("Name the data folder with --data, or start one with `lastmetre serve`."),
        )
    cluster.start()
    try:
        yield found.with_cluster(cluster)
    finally:
        cluster.stop()


@contextmanager
def ready(data: Path | None) -> Iterator[Installation]:
    """Give an installation with Django set up as the application's role, and its database up to date."""
    with opened(data) as found:
        reach(found.url).close()
        os.environ.update(found.environment())
        import django  # only the commands on data need it

        django.setup()
        from lastmetre.cli.versions import check_up_to_date
        from lastmetre.ground.protection.keys import keys

        check_up_to_date()
        keys()
        yield found


def child_command(name: str, *arguments: str) -> list[str]:
    """Return the command line of one of our processes (`lastmetre.cli.child`)."""
    return [sys.executable, "-m", "lastmetre.cli.child", name, *arguments]


def run_step(
    name: str, *arguments: str, environment: Mapping[str, str], asked: Callable[[], bool] = lambda: False
) -> None:
    """Run a process of ours to its end, so that this one stays small; its sentence becomes ours.

    Once `asked` to stop, the step is ended: what it had not finished, the database takes back.
    """
    run_steps([Step(name, arguments, environment)], asked)


@dataclass(frozen=True, slots=True)
class Step:
    """A process of ours that ends by itself."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]

    def begin(self) -> subprocess.Popen[bytes]:
        """Start it, in a session of its own."""
        command = child_command(self.name, *self.arguments)
        return subprocess.Popen(command, env=dict(self.environment) | as_parent(), start_new_session=True)


def run_steps(steps: Sequence[Step], asked: Callable[[], bool] = lambda: False) -> None:
    """Run steps side by side, each to its end; the first that failed says why."""
    begun = [step.begin() for step in steps]
    while any(process.poll() is None for process in begun):
        if asked():
            for process in begun:
                process.terminate()
                process.wait()
            return
        time.sleep(0.05)
    for step, process in zip(steps, begun, strict=True):
        if process.returncode == EXIT_INPUT:
            sys.exit(EXIT_INPUT)  # it said why
        if process.returncode != 0:
            raise InputError(
                say("The step “{step}” ended with code {code}.", step=step.name, code=process.returncode),
                remedy=say("What it said stands above; run `lastmetre doctor`."),
            )
