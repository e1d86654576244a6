"""Starts the pages in a process of their own, as people meet them: compressed, behind granian."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

PATIENCE_S = 180.0
"""How long anything may take before it counts as failed: the machine may have other work."""
COLLECT = "import django; django.setup(); from lastmetre.web.collect import collect; collect()"


@dataclass(frozen=True, slots=True)
class Product:
    """The product as it is served to the browser."""

    address: str
    tokens: dict[str, str]
    """What signs a device in, by the code of its role."""
    database: str
    """Where its rows are."""

    def cookies(self, role: str, **looks: str) -> list[Any]:
        """Return the cookies of somebody with a role who likes pages to look so."""
        named = {settings.DEVICE_COOKIE: self.tokens[role], **looks}
        return [{"name": name, "value": value, "url": self.address} for name, value in named.items() if value]

    def cookie_line(self, role: str) -> str:
        """Return the same as the value of a Cookie header."""
        return "; ".join(f"{one['name']}={one['value']}" for one in self.cookies(role))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def served(database_url: str, key_file: Path, folder: Path) -> Iterator[str]:
    """Serve the pages on a database until the block ends; yields their address."""
    port = free_port()
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lastmetre.web.settings",
        "DATABASE_URL": database_url,
        "LASTMETRE_KEYS": str(key_file),
        "LASTMETRE_DATA": str(folder),
        "LASTMETRE_STATIC": str(folder / "static"),
    }
    subprocess.run([sys.executable, "-c", COLLECT], env=env, check=True)
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command = [*granian, "--blocking-threads", "4", "--no-ws", "lastmetre.web.wsgi:application"]
    log = (folder / "server.log").open("wb")
    with log, subprocess.Popen(command, env=env, stdout=log, stderr=log) as server:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", server, folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(PATIENCE_S)


def wait_until_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; raises with its log when it does not."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/styleguide/error/404", timeout=PATIENCE_S)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")
