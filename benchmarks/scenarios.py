"""How long each scenario takes to load, against writing as many bare rows.

`python benchmarks/scenarios.py`: a PostgreSQL of its own, durable as in use; each scenario into an empty
database. `bare s` is the time of inserting as many rows of 200 bytes by COPY into one table with a key, in
the same run: no keys, constraints, search marks, row-level security or journal. The bound is 60 s each.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from time import perf_counter

import psycopg

from lastmetre import scenarios
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.scenarios.world import World

BOUND_S = 60
TEMPLATE = "lastmetre"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lastmetre-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        cluster = Cluster(folder / "database")
        cluster.start()
        try:
            measure_all(cluster, folder)
        finally:
            cluster.stop()


def measure_all(cluster: Cluster, folder: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lastmetre.web.settings",
        "LASTMETRE_KEYS": str(folder / "keys.json"),
        "DATABASE_URL": cluster.url(Role.APP, TEMPLATE),
    }
    import django

    django.setup()
    from django.db import connections

    from lastmetre.cli.loading import load_scenario
    from lastmetre.ground.protection.keys import create_key_file
    from lastmetre.web.migrate import migrate
    from lastmetre.web.settings import database

    def connect(url: str) -> None:
        connections.close_all()
        connections.databases["default"].update(database(url, pooled=False))
        connections["default"].settings_dict = connections.databases["default"]

    create_key_file(folder / "keys.json")
    connect(cluster.url(Role.OWNER, TEMPLATE))
    migrate()
    connections.close_all()
    print("scenario    rows  build s  load s  rows/s  bare s  ratio  bound")
    for name in scenarios.names():
        cluster.create_database(name, TEMPLATE)
        connect(cluster.url(Role.APP, name))
        began = perf_counter()
        world = scenarios.build(name)
        build_s = perf_counter() - began
        began = perf_counter()
        load_scenario(name)
        load_s = perf_counter() - began
        connections.close_all()
        rows = rows_of(world)
        bare_s = bare(cluster.url(Role.OWNER, name), rows)
        kept = "kept" if load_s < BOUND_S else "MISSED"
        print(
            f"{name:<10} {rows:5}  {build_s:7.2f}  {load_s:6.1f}  {rows / load_s:6.0f}  {bare_s:6.2f}  "
            f"{load_s / bare_s:5.0f}  {kept}"
        )


def rows_of(world: World) -> int:
    """Count a world's rows; a household is two, for its door is a place."""
    tables = [getattr(world, field) for field in world.__dataclass_fields__]
    return sum(len(table) for table in tables if isinstance(table, tuple)) + len(world.households)


def bare(url: str, rows: int) -> float:
    """Return the seconds that as many bare rows take, committed."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bare (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), what text)")
        connection.commit()
        began = perf_counter()
        with connection.cursor() as cursor, cursor.copy("COPY bare (what) FROM STDIN") as copy:
            for _ in range(rows):
                copy.write_row(("x" * 200,))
        connection.commit()
        return perf_counter() - began


if __name__ == "__main__":
    main()
