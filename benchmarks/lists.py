"""How long does each list page of the relay take at the server for a compound of 4,000 households?

`python benchmarks/lists.py [HOUSEHOLDS]` runs an own PostgreSQL in a temporary folder, brings one round from
orders to the doors and asks for every page on the way. The bound is the house's: 300 ms a page at the server, and
60 s from the cut-off to complete shares and bags.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

import psycopg
from parts.own_server import own_server

from lastmetre.cli.database.passwords import Role

HOUSEHOLDS = 4_000
RUNS = 3
PAGE_BOUND_S = 0.3
CUT_OFF_BOUND_S = 60.0


def main() -> None:
    households = int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS
    with own_server() as cluster:
        measure(households, cluster.url(Role.OWNER))


def measure(households: int, owner: str) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from parts.stages import stages

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    desk = Client()
    spent = 0.0
    for stage in stages(households):
        desk.cookies[settings.DEVICE_COOKIE] = stage.token
        print(f"-- {stage.name}: {stage.seconds:.1f} s")
        with psycopg.connect(owner, autocommit=True) as keeper:
            keeper.execute("ANALYZE")  # as the database does by itself within a minute
        spent += stage.seconds if stage.name != "asked" else 0
        for name, address in stage.pages.items():
            with CaptureQueriesContext(connection) as asked:
                answer = desk.get(address)
                queries = len(asked)  # the next request forgets them
            assert answer.status_code == 200, (name, address, answer.status_code)
            took = median(timed(desk, address) for _ in range(RUNS))
            size = len(answer.content) / 1000
            print(
                f"{name:28} {took * 1000:6.0f} ms {took / PAGE_BOUND_S:5.2f} of the bound"
                f" {queries:3} queries {size:7.0f} kB"
            )
    print(f"cut-off to bags on carts: {spent:.1f} s, {spent / CUT_OFF_BOUND_S:.2f} of the bound")


def timed(desk: object, address: str) -> float:
    began = perf_counter()
    desk.get(address)  # type: ignore[attr-defined]
    return perf_counter() - began


if __name__ == "__main__":
    main()
