"""Which database the tests of this process talk to."""

from __future__ import annotations

from django.db import connection, connections

from lastmetre.web.settings import database


def point_at(url: str) -> None:
    """Connect to another database from now on."""
    connection.close()
    connections.databases["default"].update(database(url, pooled=False))
    connection.settings_dict = connections.databases["default"]
