"""Scenes that many tests begin with: written and kept once in a test process, not before every test.

A test that asks for `town`, `shop`, `relay`, or the relay `packed` or `arrived`, gets a database in which they are
there already, and its own copies of their rows. Its clock stands at the moment when they were written, and it is
rolled back like every other test.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from databases import point_at
from django.db import connection

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

CLOCK = """
CREATE OR REPLACE FUNCTION lastmetre_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('tests.now', true), '')::timestamptz, now())
        + coalesce((SELECT "offset" FROM protection_clock), interval '0') $$
"""
"""The database's clock, which a test may set for its own transaction; how far a demo's is ahead counts as ever."""
Things = dict[str, Any]
"""What a scene holds by the names of the fixtures."""


# Their modules are imported late: pytest wants to rewrite the assertions in them first.


def _town() -> Things:
    from actors import build_town

    return {"town": build_town()}


def _shop() -> Things:
    from shelves import stock_shop

    things = _town()
    return things | {"shop": stock_shop(things["town"], things["town"].now)}


def _relay() -> Things:
    from relay import open_relay

    things = _shop()
    return things | {"relay": open_relay(things["shop"])}


def _packed() -> Things:
    things = _relay()
    things["relay"].packed()
    return things


def _arrived() -> Things:
    things = _relay()
    things["relay"].arrived()
    return things


SCENES: dict[str, Callable[[], Things]] = {
    "arrived": _arrived,
    "packed": _packed,
    "relay": _relay,
    "shop": _shop,
    "town": _town,
}
"""The fullest first: what a test asks for decides."""


class Scenes:
    """The databases of ordinary tests, each made when a test first wants it; "" has no scene."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self.template = cluster, template
        self.pickled: dict[str, bytes] = {}

    def enter(self, name: str) -> None:
        """Connect to the database of a scene."""
        database = f"tests_{name}"
        if name not in self.pickled:
            self.cluster.create_database(database, self.template)
            with psycopg.connect(self.cluster.url(Role.OWNER, database), autocommit=True) as owner:
                owner.execute(CLOCK)
            point_at(self.cluster.url(Role.APP, database))
            self.pickled[name] = pickle.dumps(_written(name))
        elif connection.settings_dict["NAME"] != database:
            point_at(self.cluster.url(Role.APP, database))

    def begin(self, name: str) -> Things:
        """Return copies of a scene's rows, and set this transaction's clock to when they were written."""
        things: Things = pickle.loads(self.pickled[name])
        if things:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('tests.now', %s, true)", [things["town"].now.isoformat()])
        return things


def _written(name: str) -> Things:
    with acting_as(SYSTEM):  # one transaction, one moment
        return SCENES[name]() if name else {}


def wanted(fixtures: Iterable[str]) -> str:
    """Return the fullest scene among the fixtures of a test, "" where it wants none."""
    return next((name for name in SCENES if name in fixtures), "")
