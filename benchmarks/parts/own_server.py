"""A PostgreSQL of the benchmark's own, migrated, with Django connected to it as the application."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role


@contextmanager
def own_server(*, durable: bool = False) -> Iterator[Cluster]:
    """Start it, migrate, connect; all is gone afterwards. Import models within the block only."""
    with tempfile.TemporaryDirectory(prefix="lastmetre-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # root's server runs as somebody else, who must get in
        cluster = Cluster(folder / "database", durable=durable)
        cluster.start()
        try:
            _prepare(cluster, folder)
            yield cluster
        finally:
            from django.db import connections

            connections.close_all()
            cluster.stop()


def _prepare(cluster: Cluster, folder: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lastmetre.web.settings"
    os.environ["LASTMETRE_KEYS"] = str(folder / "keys.json")
    os.environ["LASTMETRE_DATA"] = str(folder)
    import django

    django.setup()
    from django.conf import settings

    from lastmetre.ground.protection.keys import create_key_file
    from lastmetre.web.migrate import migrate

    create_key_file(settings.KEY_FILE)
    _connect_to(cluster.url(Role.OWNER))
    migrate()
    _connect_to(cluster.url(Role.APP))


def _connect_to(url: str) -> None:
    from django.db import connection, connections

    from lastmetre.web.settings import database

    connection.close()
    connections.databases["default"].update(database(url, pooled=False))
    connection.settings_dict = connections.databases["default"]
