"""Who runs the server: PostgreSQL refuses root, and nobody's permissions are changed to make it run."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from lastmetre.terms import InputError, say

OWN_USER = "lastmetre"
"""Used where an administrator has made it; else `nobody`."""


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user of the server process."""

    uid: int
    gid: int

    @property
    def changes(self) -> bool:
        """Whether that is another user than ours."""
        return self.uid != os.geteuid()

    @property
    def name(self) -> str:
        """The user's name, or its number."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def run_as(self) -> RunAs:
        """Return what `subprocess` needs to become this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.changes else {}

    def own(self, path: Path) -> None:
        """Give a path that we made to this user."""
        if self.changes:
            os.chown(path, self.uid, self.gid)

    def may(self, test: str, path: Path) -> bool:
        """Ask the kernel whether this user may read (-r), write (-w) or enter (-x) a path."""
        asked = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        try:
            return subprocess.run(asked, cwd="/", check=False, **self.run_as()).returncode == 0
        except (
            OSError,
            subprocess.SubprocessError,
        ) as error:  # a container without the right to change users
            raise InputError(
                say("The database server may not run as root, and root may not become {user} here.", user=self.name),
                remedy=say("Run Lastmetre as an ordinary user, or set DATABASE_URL to a server."),
            ) from error  # fmt: skip


def server_user(data: Path) -> ServerUser:
    """Choose who runs the server on `data`: we ourselves, or as root the data's owner, `lastmetre` or `nobody`."""
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid())
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return ServerUser(owner.st_uid, owner.st_gid)
    for name in (OWN_USER, "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(found.pw_uid, found.pw_gid)
    raise InputError(
        say("The database server may not run as root, and there is no user `nobody`."),
        remedy=say("Make a user for it: useradd --system {name}", name=OWN_USER),
    )


def check_way_in(folder: Path, user: ServerUser) -> None:
    """Raise InputError naming the first folder on the way to `folder` that the server's user may not enter."""
    if user.changes and not user.may("-x", folder):
        shut = next(place for place in (*reversed(folder.parents), folder) if not user.may("-x", place))
        raise InputError(
            say("The database server runs as {user}, who may not enter {folder}.", user=user.name, folder=str(shut)),
            remedy=say("Name another data folder with --data, for example {place}.", place="/var/lib/lastmetre"),
        )  # fmt: skip
