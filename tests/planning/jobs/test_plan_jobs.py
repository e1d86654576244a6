"""What who asks for a plan is promised: a plan that can be repeated, or a sentence, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import planners
import psutil
import pytest
from clusters import PATIENCE_S
from towns import street

from lastmetre.planning import routing, shares, zoning
from lastmetre.planning.jobs import Done, JobError, Trouble, digest, repeat, run
from lastmetre.planning.jobs import running as job_clock
from lastmetre.terms import Compound, InputError


@pytest.fixture(autouse=True)
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_clock, "GRACE_S", 0.2)


def trouble(*asked: object, **options: object) -> JobError:
    with pytest.raises(JobError) as raised:
        run(*asked, **options)  # type: ignore[arg-type]
    return raised.value


def workers() -> list[psutil.Process]:
    return [
        one for one in psutil.Process().children(recursive=True) if "jobs.worker" in " ".join(one.cmdline())
    ]


def is_over(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait(for_: Callable[[], bool]) -> None:
    """Wait for what the system does in its own time, as the end of a process that was killed."""
    end = time.monotonic() + PATIENCE_S
    while not for_():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_plan_that_hangs_is_ended_with_all_that_it_started_and_says_so(tmp_path: Path) -> None:
    error = trouble(planners.hangs_with_a_child, str(tmp_path / "pids"), seconds=0.1)
    assert error.trouble == Trouble.HUNG
    assert "did not end within 0.1 s" in str(error)
    assert workers() == []
    for number in (tmp_path / "pids").read_text().split():
        _wait(partial(is_over, int(number)))


def test_a_plan_whose_budget_is_in_iterations_is_ended_too_when_a_time_is_given() -> None:
    assert trouble(planners.hangs, 0, iterations=5, seconds=0.1).trouble == Trouble.HUNG


def test_a_plan_that_eats_memory_says_how_much_it_may_have() -> None:
    error = trouble(planners.eats_memory, 0, memory_mb=400)
    assert error.trouble == Trouble.MEMORY
    assert "400 MB" in str(error)
    assert trouble(planners.answers_too_much, 0, memory_mb=400).trouble == Trouble.MEMORY


def test_a_problem_that_is_larger_than_the_memory_is_refused_too() -> None:
    assert trouble(planners.plan, np.zeros(2**26), memory_mb=300).trouble == Trouble.MEMORY


def test_a_planner_that_crashes_or_fails_leaves_who_asked_alive_and_tells_a_programmer_where() -> None:
    crashed = trouble(planners.crashes, 0)
    assert (crashed.trouble, "SIGABRT" in str(crashed)) == (Trouble.CRASHED, True)
    assert "planners.py" in crashed.detail
    failed = trouble(planners.fails, 0)
    assert (failed.trouble, "nobody to share with" in str(failed)) == (Trouble.BROKEN, True)
    assert "planners.py" in failed.detail


def test_a_problem_that_makes_no_sense_is_refused_as_without_a_job() -> None:
    with pytest.raises(InputError, match=r"0 stops\. Give one\."):
        run(planners.refuses, 0)


def test_who_cancels_gets_the_best_so_far_and_saw_how_far_it_was() -> None:
    parts: list[float] = []
    done = run(planners.goes_on, 0, progress=parts.append, cancelled=lambda: len(parts) > 2)
    assert done.plan == "best so far"
    assert parts == sorted(parts)
    assert parts[-1] == 1.0


def test_who_cancels_a_plan_that_does_not_listen_waits_no_longer() -> None:
    begin = time.monotonic()
    error = trouble(planners.hangs, 0, seconds=600, cancelled=lambda: True)
    assert error.trouble == Trouble.CANCELLED
    assert time.monotonic() - begin < 300
    assert workers() == []


ASKER = """
import planners
from lastmetre.planning.jobs import run
run(planners.hangs_with_a_child, {path!r}, seconds=600)
"""


def test_a_worker_ends_when_who_asked_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    asker = subprocess.Popen([sys.executable, "-c", ASKER.format(path=str(path))], env=environment)
    _wait(lambda: path.exists() and len(path.read_text().split()) == 2)
    worker, child = (int(number) for number in path.read_text().split())
    os.kill(child, signal.SIGKILL)
    asker.kill()
    asker.wait()
    _wait(partial(is_over, worker))


def test_arrays_that_were_frozen_come_back_frozen() -> None:
    frozen, free = np.arange(5), np.arange(4)
    frozen.setflags(write=False)
    back = run(planners.plan, (frozen, free, np.empty(0))).plan
    assert (back[0].tolist(), back[0].flags.writeable) == ([0, 1, 2, 3, 4], False)
    assert (back[1].tolist(), back[1].flags.writeable) == ([0, 1, 2, 3], True)
    assert back[2].size == 0


# The same problem, seed, version and iterations give the same plan


def twice(planner: object, problem: object, iterations: int | None) -> tuple[Done[object], Done[object]]:
    first = run(planner, problem, seed=7, iterations=iterations, seconds=600)  # type: ignore[arg-type]
    return first, repeat(first.record, planner, problem)  # type: ignore[arg-type]


def test_shares_are_the_same_again() -> None:
    draw = np.random.default_rng(1)
    problem = shares.Problem(500, draw.integers(0, 9, 300), draw.integers(1, 6, 300))
    first, again = twice(shares.plan, problem, None)
    here = shares.plan(problem, seed=7)
    assert digest(first.plan) == digest(again.plan) == digest(here)


def test_zones_are_the_same_again() -> None:
    draw = np.random.default_rng(2)
    problem = zoning.Problem(
        draw.integers(5, 20, (30, 2)),
        np.full((6, 2), 120),
        draw.integers(100, 9_000, (30, 6)),
        draw.integers(100, 900, 30),
    )
    first, again = twice(zoning.plan, problem, 30_000)
    assert digest(first.plan) == digest(again.plan) == digest(zoning.plan(problem, seed=7, iterations=30_000))


@pytest.mark.parametrize(("engine", "iterations"), [("district", 40), ("city", 2_000)])
def test_routes_are_the_same_again(engine: str, iterations: int) -> None:
    draw = np.random.default_rng(3)
    far = routing.Distances(draw.random(40) * 5_000, draw.random(40) * 5_000)
    stops = tuple(routing.Stop(place, 100, needs="A" if place % 5 == 0 else "") for place in range(1, 40))
    vehicle = routing.Vehicle(900, count=7, passes=frozenset("ABC"))
    problem = routing.Problem(far, (routing.Depot(0),), (vehicle,), stops)
    first, again = twice(partial(routing.plan, engine=engine), problem, iterations)
    assert digest(first.plan) == digest(again.plan)
    assert first.record == again.record


def test_a_record_is_not_repeated_with_another_problem_option_or_version() -> None:
    record = run(planners.plan, street()).record
    with pytest.raises(InputError, match="not the problem"):
        repeat(record, planners.plan, street(weight_g=1))
    with pytest.raises(InputError, match="not the problem"):
        repeat(record, partial(planners.plan, engine="city"), street())
    with pytest.raises(InputError, match=r"version 0\.0\.1"):
        repeat(replace(record, version="0.0.1"), planners.plan, street())


CODE = """
from lastmetre.planning.jobs import digest
from lastmetre.terms import Compound
print(digest((Compound("a", aliases=("b",)), frozenset("abcdef"), {"b": 1, "a": 2})))
"""


def test_a_fingerprint_is_that_of_the_values_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in "12"
    }
    assert said == {digest((Compound("a", aliases=("b",)), frozenset("fedcba"), {"a": 2, "b": 1}))}
    assert digest(street()) != digest(street(weight_g=1))
    assert digest((1, (2, 3))) != digest((1, 2, 3))
    with pytest.raises(TypeError, match="fingerprint"):
        digest(lambda: 0)
