"""kill -9 of server, worker and database under writes (trust 1, 6): `make faults`, not part of `make test`."""

import contextlib
import itertools
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
from clusters import open_folder, servers, success, until
from running import Running, serving
from writers import Writer, seed

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role

KILLS = int(os.environ.get("KILLS", "20"))
WRITERS = 4
BACK_S = 10.0
"""On a machine that is busy with other things, at most as long as its own start took."""


def main_server(folder: Path) -> psutil.Process | None:
    """Return the postmaster, which is no other server process's child."""
    found = servers(folder)
    numbers = {one.pid for one in found}
    return next((one for one in found if one.ppid() not in numbers), None)


def backend(folder: Path) -> psutil.Process | None:
    """Return a process that works for the pages."""
    return next((one for one in servers(folder) if "lastmetre_app" in " ".join(one.cmdline())), None)


def victims(running: Running) -> dict[str, Callable[[], psutil.Process | None]]:
    """Return how to find each kind of process; None while it is on its way back."""

    def web() -> psutil.Process | None:
        return next((one for one in running.processes("web") if one.ppid() == running.process.pid), None)

    def served() -> psutil.Process | None:
        main = web()
        return next(iter(main.children()), None) if main else None

    return {
        "database": lambda: main_server(running.folder),
        "web server": web,
        "web server's process": served,
        "database connection": lambda: backend(running.folder),
        "worker": lambda: next(iter(running.processes("worker")), None),
    }


def keep_killing(running: Running, times: int, pause: float) -> dict[str, list[float]]:
    """Kill one after the other under load; return how long the pages were away each time, in seconds."""
    away: dict[str, list[float]] = {}
    ways = victims(running)
    for name, find in itertools.islice(itertools.cycle(ways.items()), times):
        time.sleep(pause)
        until(running.answers)
        killed = until(find, 60)
        began = time.monotonic()
        killed.kill()
        until(lambda killed=killed: not killed.is_running() and running.answers(), 60)
        away.setdefault(name, []).append(time.monotonic() - began)
    return away


def write_while(running: Running, seeded: dict[str, str], work: Callable[[], object]) -> list[Writer]:
    """Let several people write while something happens."""
    stop = threading.Event()
    writers = [Writer(number, running.port, seeded, stop) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        work()
        time.sleep(1)
    finally:
        stop.set()
        for writer in writers:
            writer.join(20)
    return writers


def found_in(data: Path) -> dict[str, int]:
    """Count the places of each name, and the journal's lines of each."""
    with psycopg.connect(Cluster(data).url(Role.OWNER)) as owner:
        rows = owner.execute(
            "SELECT name, (SELECT count(*) FROM journal_entry WHERE thing = place.id) FROM places_place AS place"
            " WHERE kind = 'subdistrict'"
        ).fetchall()
    assert len({name for name, _ in rows}) == len(rows), "a place was written twice"
    return dict(rows)


def test_nothing_acknowledged_is_lost_when_anything_is_killed() -> None:
    with open_folder() as place, serving(place / "data") as running:
        began = time.monotonic()
        running.wait()
        start_s = time.monotonic() - began
        seeded = seed(running.folder)
        away: dict[str, list[float]] = {}
        writers = write_while(running, seeded, lambda: away.update(keep_killing(running, KILLS, 1.5)))
        until(running.answers)
        found = found_in(running.folder)
        acknowledged = {name for writer in writers for name in writer.acknowledged}
        lost = acknowledged - found.keys()
        without_line = [name for name, lines in found.items() if lines != 1]
        print(
            f"\n{KILLS} kills under {WRITERS} writers: {len(acknowledged)} places acknowledged, {len(lost)} lost"
        )
        for name, seconds in away.items():
            print(f"  {name}: killed {len(seconds)} times, away {max(seconds):.1f} s at most")
        assert {answer for writer in writers for answer in writer.broken} <= {"503"}
        assert len(acknowledged) > 50
        assert lost == set()
        assert without_line == []  # each place has its line in the journal, in the same transaction
        success("journal", "verify", "--data", running.folder)
        assert max(second for seconds in away.values() for second in seconds) < max(BACK_S, start_s)


def test_the_same_test_sees_loss_where_the_database_answers_before_it_has_written() -> None:
    with open_folder() as place, serving(place / "data") as running:
        running.wait()
        seeded = seed(running.folder)
        with psycopg.connect(Cluster(running.folder).url(Role.KEEPER, "postgres"), autocommit=True) as keeper:
            keeper.execute("ALTER DATABASE lastmetre SET synchronous_commit = off")
            keeper.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            keeper.execute("SELECT pg_reload_conf()")
            keeper.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lastmetre'"
            )

        def kill() -> None:
            for _ in range(3):
                time.sleep(3)
                until(lambda: main_server(running.folder)).kill()
                until(running.answers, 60)

        writers = write_while(running, seeded, kill)
        until(running.answers)
        lost = {name for writer in writers for name in writer.acknowledged} - found_in(running.folder).keys()
        print(f"\nwith synchronous_commit off: {len(lost)} acknowledged places lost")
        assert lost


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_full_disk_loses_nothing_and_the_product_comes_back_when_there_is_room() -> None:
    with open_folder() as place:
        mount = ["mount", "-t", "tmpfs", "-o", "size=300m,mode=711", "none", place]
        if subprocess.run(mount, check=False).returncode:
            pytest.skip("no right to mount here")
        try:
            with serving(place / "data") as running:
                running.wait()
                seeded = seed(running.folder)

                def fill_and_free() -> None:
                    time.sleep(2)
                    filler = place / "filler"
                    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                        while file.write(b"x" * 100_000):
                            pass
                    time.sleep(15)
                    filler.unlink()
                    until(running.answers, 60)

                writers = write_while(running, seeded, fill_and_free)
                acknowledged = {name for writer in writers for name in writer.acknowledged}
                assert acknowledged
                assert acknowledged - found_in(running.folder).keys() == set()
                assert {answer for writer in writers for answer in writer.broken} <= {"503"}
                print(f"\na full disk: {len(acknowledged)} places acknowledged, 0 lost")
        finally:
            until(lambda: subprocess.run(["umount", place], check=False).returncode == 0)
