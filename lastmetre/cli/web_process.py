"""The web server's process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lastmetre.cli.lifeline import as_parent, end_with_parent

THREADS = 4
"""Requests served at once; fewer than the pool has connections."""


def load() -> Callable[..., Any]:
    """Return the application, inside the process that serves it."""
    end_with_parent()
    from lastmetre.web.wsgi import application

    return application


def serve(address: str, port: str, certificate: str = "", key: str = "") -> None:
    """Serve until asked to stop, by https with a certificate."""
    end_with_parent()
    os.environ.update(as_parent())  # of the process that Granian forks
    Granian(
        f"{__name__}:load",
        address=address,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=5,
        websockets=False,
        log_level=LogLevels.warning,
        ssl_cert=Path(certificate) if certificate else None,
        ssl_key=Path(key) if key else None,
    ).serve()
