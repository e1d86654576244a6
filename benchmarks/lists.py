"""How long does each list page of the relay take at the server for a compound of 4,000 households?

`python benchmarks/lists.py [HOUSEHOLDS]` runs an own PostgreSQL in a temporary folder, brings one round from
orders to doors and payments and asks for every page of every role on the way: once to warm up, then the median of
RUNS. The bounds are the house's: 300 ms and 20 questions a page. The worst pages are printed first; beside the time stands
how long the page and the database kept a core busy for it, which other work on the machine hardly changes: judge by
that where others work there too.

Last run, with 4,000 households on two cores that others used as well: 128 pages in 7 minutes, none above 220 ms on
a core, none above 19 questions. The longest are a volunteer's page of 500 doors, a round's books, and the door lists
before anything was sorted, whose carts must be planned.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psycopg
from parts.own_server import own_server

from lastmetre.cli.database.passwords import Role

HOUSEHOLDS = 4_000
RUNS = 5
PAGE_BOUND_S = 0.3
MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True, order=True)
class Timed:
    """What a page took."""

    worked: float
    """Seconds on a core, the database's for it included."""
    seconds: float
    questions: int
    size: int
    name: str

    def __str__(self) -> str:
        return (
            f"{self.name:38} {self.seconds * 1000:6.0f} ms {self.worked * 1000:6.0f} ms on a core"
            f" {self.worked / PAGE_BOUND_S:5.2f} of the bound {self.questions:3} questions"
            f" {self.size / 1000:6.0f} kB"
        )


def main() -> None:
    households = int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS
    with own_server() as cluster:
        found = []
        for one in measure(households, cluster.url(Role.OWNER)):
            print(one, flush=True)
            found.append(one)
    print("The worst first:", *sorted(found, reverse=True), sep="\n")
    print(f"{os.cpu_count()} cores; {os.getloadavg()[0]:.1f} wanted one in the last minute")
    late = sum(one.seconds > PAGE_BOUND_S for one in found)
    long = sum(one.worked > PAGE_BOUND_S for one in found)
    many = sum(one.questions > MOST_QUESTIONS for one in found)
    print(
        f"{len(found)} pages: {late} above {PAGE_BOUND_S * 1000:.0f} ms, {long} on a core for that long,"
        f" {many} above {MOST_QUESTIONS} questions"
    )


def measure(households: int, owner: str) -> Iterator[Timed]:
    from django.conf import settings
    from django.test import Client
    from parts.stages import stages

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    for stage in stages(households):
        print(f"-- {stage.name}: {stage.seconds:.1f} s", flush=True)
        with psycopg.connect(owner, autocommit=True) as keeper:
            keeper.execute("ANALYZE")  # as the database does by itself within a minute
        for name, visit in stage.pages.items():
            desk = Client()
            desk.cookies[settings.DEVICE_COOKIE] = visit.token
            yield timed(desk, f"{stage.name}: {name}", visit.address)


def timed(desk: Any, name: str, address: str) -> Timed:
    from parts.questions import asked

    questions, answer = asked(desk, address)
    assert answer.status_code == 200, (name, address, answer.status_code)
    took = []
    for _ in range(RUNS):
        began, worked = perf_counter(), process_time() + of_the_database()
        desk.get(address)
        took.append((perf_counter() - began, process_time() + of_the_database() - worked))
    return Timed(
        min(worked for _, worked in took),  # beside others a core is slower, never faster
        median(one for one, _ in took),
        len(questions),
        len(answer.content),
        name,
    )


def of_the_database() -> float:
    """Return the seconds that the connection's process in the database was on a core; 0 where Linux is not there."""
    from django.db import connection

    counted = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(counted.read_text().split()[0]) / 1e9 if counted.exists() else 0.0


if __name__ == "__main__":
    main()
