"""How fast the journal is written, sealed and verified, against what the same database does without it.

`python benchmarks/journal.py [LINES]` runs an own PostgreSQL in a temporary folder. Verifying is compared with
reading the same lines out and doing nothing with them; writing a line with a bare insert of one row; and writers
while the sealer works with writers alone.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from uuid import uuid4

import psycopg
from parts.own_server import own_server

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role

LINES = 300_000
WRITES = 2_000
RUNS = 3


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with own_server() as cluster:
        measure(cluster, lines)


def measure(cluster: Cluster, lines: int) -> None:
    from django.db import connection

    from lastmetre.ground.journal import actions
    from lastmetre.ground.journal.queries.lines import sealed
    from lastmetre.ground.journal.queries.verify import verify
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    fill(cluster, lines)
    connection.close()
    seal_s = timed(actions.seal)

    def read() -> None:
        with acting_as(SYSTEM):
            for first in range(1, lines + 1, 50_000):
                for _ in sealed(first, first + 50_000):
                    pass

    read_s = min(timed(read) for _ in range(RUNS))
    verify_s = min(timed(lambda: print(*verify(), end="")) for _ in range(RUNS))
    print(f"lines            {lines:>10,}")
    print(f"seal             {lines / seal_s:>10,.0f} lines/s")
    print(f"read             {lines / read_s:>10,.0f} lines/s   (bound: the same lines, nothing done)")
    print(f"verify           {lines / verify_s:>10,.0f} lines/s   {read_s / verify_s:.2f} of the bound")
    write()


def write() -> None:
    from django.db import connection

    from lastmetre.ground.journal import actions
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    def lines() -> None:
        for _ in range(WRITES):
            with acting_as(SYSTEM) as now:
                actions.record("put", "places.place", uuid4(), by=SYSTEM, at=now, path="d.c", bags=3)

    def bare() -> None:
        for _ in range(WRITES):
            with acting_as(SYSTEM), connection.cursor() as cursor:
                cursor.execute("INSERT INTO journal_link VALUES (%s, %s, '')", [uuid4().int >> 66, uuid4()])

    lines_s, bare_s = (min(timed(run) for _ in range(RUNS)) for run in (lines, bare))
    print(f"bare insert      {WRITES / bare_s:>10,.0f} transactions/s")
    print(
        f"record           {WRITES / lines_s:>10,.0f} transactions/s   {bare_s / lines_s:.2f} of a bare insert"
    )
    over = threading.Event()

    def keep_sealing() -> None:
        while not over.wait(0.1):
            actions.seal()
        connection.close()

    sealer = threading.Thread(target=keep_sealing)
    sealer.start()
    sealing_s = min(timed(lines) for _ in range(RUNS))
    over.set()
    sealer.join()
    print(
        f"record + sealer  {WRITES / sealing_s:>10,.0f} transactions/s   {lines_s / sealing_s:.2f} of record alone"
    )


def fill(cluster: Cluster, lines: int) -> None:
    """Write genuine lines as fast as PostgreSQL takes them."""
    from lastmetre.ground.journal import rules
    from lastmetre.ground.journal.models import Entry
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.fields import seal
    from lastmetre.ground.protection.keys import keys
    from lastmetre.ground.protection.responses import response_for
    from lastmetre.ground.protection.scope import acting_as

    with acting_as(SYSTEM) as now:
        response = response_for("")
    key = keys().derived(rules.MARKS)
    with psycopg.connect(cluster.url(Role.KEEPER)) as keeper, keeper.cursor() as cursor:
        columns = "id, response_id, at, actor, actor_kind, device, verb, kind, thing, path, why, detail, mark"
        with cursor.copy(f"COPY journal_entry ({columns}) FROM STDIN") as copy:
            for number in range(lines):
                one = Entry(
                    response=response, at=now + timedelta(milliseconds=number), path="d.c.b.u.h", device="d",
                    actor=str(uuid4()), actor_kind="staff", verb="revealed", kind="places.household", thing=uuid4(),
                )  # fmt: skip
                why = seal("王芳来电", Entry._meta.get_field("why"), one)
                copy.write_row((
                    one.pk, response.pk, one.at, one.actor, one.actor_kind, one.device, one.verb, one.kind, one.thing,
                    one.path, bytes(why), '{"bags": 3, "from": "sealed"}', rules.mark(rules.heading(one), key),
                ))  # fmt: skip
    with psycopg.connect(cluster.url(Role.KEEPER), autocommit=True) as keeper:
        keeper.execute("VACUUM ANALYZE journal_entry")


def timed(run: Callable[[], object]) -> float:
    begun = perf_counter()
    run()
    return perf_counter() - begun


if __name__ == "__main__":
    main()
