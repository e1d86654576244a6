"""Who serves whom and who steps in: small towns solved by trying everything, and what a person is promised."""

from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from parts.gap_file import read_gap
from timed import is_in_time

from lastmetre.planning.zoning import NOBODY, Plan, Problem, plan
from lastmetre.planning.zoning.check import check_zoning
from lastmetre.terms import InputError

TRIES = 200_000


def town(seed: int, compounds: int = 4, suppliers: int = 3, room: float = 1.5) -> Problem:
    draw = np.random.default_rng(seed)
    demand = draw.integers(5, 20, (compounds, 2))
    share = demand.sum(axis=0) * room / suppliers
    return Problem(
        demand=demand,
        capacity=np.tile(share, (suppliers, 1)).astype(np.int64),
        distances_m=draw.integers(100, 9_000, (compounds, suppliers)),
        people=draw.integers(100, 900, compounds),
        emergency=np.tile(share * 1.7, (suppliers, 1)).astype(np.int64),
    )


def zoned(problem: Problem, iterations: int = TRIES) -> Plan:
    made = plan(problem, seed=3, iterations=iterations)
    assert check_zoning(problem, made) == ()
    return made


def complete_plans(problem: Problem) -> list[Plan]:
    """Try every pair for every compound; keep what survives every failure."""
    backups = range(problem.suppliers) if problem.backups else [NOBODY]
    pairs = [(p, b) for p in range(problem.suppliers) for b in backups if p != b]
    costs, rows, found = problem.costs(), np.arange(len(problem)), []
    for choice in product(pairs, repeat=len(problem)):
        primary, backup = np.array(choice).T
        cost = float((costs[rows, primary] + problem.backups * costs[rows, backup] / 4).sum())
        moved = 0 if problem.current is None else int((primary != problem.current[:, 0]).sum())
        one = Plan(primary, backup, cost, 0.0, moved, 0)
        if not check_zoning(problem, one):
            found.append(one)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_small_town_is_zoned_as_cheaply_as_by_trying_everything(seed: int) -> None:
    problem = town(seed)
    best = min(one.cost for one in complete_plans(problem))
    made = zoned(problem)
    assert made.notes == ()
    assert made.cost == pytest.approx(best)
    assert best * 0.8 < made.bound <= best + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_without_backups_and_with_demand_by_supplier_too(seed: int) -> None:
    draw = np.random.default_rng(seed)
    problem = Problem(
        draw.integers(5, 25, (6, 3, 1)),
        np.full((3, 1), 35),
        draw.integers(10, 50, (6, 3)) * 1000,
        np.ones(6, int),
        backups=False,
    )
    best = min(one.cost for one in complete_plans(problem))
    made = zoned(problem)
    assert (made.notes, made.cost) == ((), best)
    assert best * 0.8 < made.bound <= best + 1e-6
    assert set(made.backup.tolist()) == {NOBODY}


def test_a_public_instance_is_read_with_its_costs_and_capacities(tmp_path: Path) -> None:
    file = tmp_path / "small"
    file.write_text("2 3\n1 9 9\n9 1 2\n5 5 5\n6 6 6\n10 12\n")
    made = zoned(read_gap(file))
    assert (made.primary.tolist(), made.cost, made.notes) == ([0, 1, 1], 4, ())
    file.write_text("2 3 1 9 9")
    with pytest.raises(ValueError, match="16 numbers, not 5"):
        read_gap(file)


def test_by_hand_each_is_served_by_the_nearest_and_backed_up_by_the_next() -> None:
    problem = Problem([[10], [10]], [[20], [20], [20]], [[1000, 2000, 9000], [9000, 2000, 1000]], [1, 1])
    made = zoned(problem)
    assert (made.primary.tolist(), made.backup.tolist()) == ([0, 2], [1, 1])
    assert made.cost == 1 + 1 + (2 + 2) / 4


@pytest.mark.parametrize("seed", range(3))
def test_after_a_failure_the_fewest_compounds_get_another_supplier(seed: int) -> None:
    before = town(seed, compounds=3, suppliers=4, room=2.4)
    old = zoned(before)
    failed = int(np.bincount(old.primary).argmax())
    after = replace(
        before, closed=np.arange(4) == failed, current=np.stack([old.primary, old.backup], axis=1)
    )
    fewest = min(one.moved for one in complete_plans(after))
    made = zoned(after)
    assert made.notes == ()
    assert made.moved == fewest
    assert failed not in {*made.primary.tolist(), *made.backup.tolist()}


def test_where_no_others_need_to_move_none_does() -> None:
    before = town(5, compounds=40, suppliers=8, room=2.5)
    old = zoned(before)
    after = replace(before, closed=np.arange(8) == 2, current=np.stack([old.primary, old.backup], axis=1))
    made = zoned(after)
    assert made.moved == int((old.primary == 2).sum())
    assert NOBODY not in made.primary


def test_an_area_keeps_to_suppliers_of_one_group() -> None:
    problem = replace(
        town(1, compounds=12, suppliers=6, room=2.5), area=[0, 1, 2] * 4, group=[0, 0, 1, 1, 2, 2]
    )
    made = zoned(problem)
    assert made.notes == ()
    for area in range(3):
        assert len({supplier // 2 for supplier in made.primary[area::3].tolist()}) == 1


def test_what_a_person_has_fixed_is_kept_at_whatever_way() -> None:
    problem = town(2, compounds=12, suppliers=5, room=2.5)
    far = int(problem.distances_m[7].argmax())
    fixed = np.full((12, 2), NOBODY)
    fixed[7, 0], fixed[3, 1] = far, 4
    made = zoned(replace(problem, fixed=fixed))
    assert (made.primary[7], made.backup[3]) == (far, 4)
    assert made.notes == ()


def test_a_fixed_supplier_without_room_is_named_and_nobody_put_in_its_place() -> None:
    problem = Problem(
        [[30], [10]], [[20], [90], [90]], np.ones((2, 3), int), [1, 1], fixed=[[0, 1], [NOBODY, NOBODY]]
    )
    made = zoned(problem)
    assert made.primary.tolist()[0] == NOBODY
    assert [str(note) for note in made.notes] == ["Compound 1: supplier 1, which was fixed, has no room."]
    shut = zoned(replace(problem, closed=[True, False, False]))
    assert "closed or may not serve" in str(shut.notes[0])


def test_a_supplier_beyond_the_nearest_serves_where_those_are_full() -> None:
    capacity = np.zeros((60, 1), int)
    capacity[[50, 55]] = 100
    made = zoned(Problem([[10]], capacity, np.arange(60)[None] * 100, [1]))
    assert (made.primary[0], made.backup[0]) == (50, 55)


def test_more_demand_than_capacity_serves_what_fits_and_says_who_has_nobody() -> None:
    problem = town(4, compounds=30, suppliers=4, room=0.6)
    made = zoned(problem)
    without = np.flatnonzero(made.primary == NOBODY)
    assert 0 < without.size < 30
    assert all(any(f"Compound {c + 1} " in str(note) for note in made.notes) for c in without)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"demand": [[-1, 1]] * 4}, "whole number"),
        ({"demand": [[0.5, 1]] * 4}, "whole number"),
        ({"capacity": [[1, 1]]}, "wrong size"),
        ({"closed": [True]}, "wrong size"),
        ({"fixed": [[0, 0]] * 4}, "own backup"),
        ({"current": [[0, 7]] * 4}, "not there"),
        ({"demand": np.ones((4, 2, 2), int)}, "wrong size"),
    ],
)
def test_bad_tables_are_refused_in_a_sentence(changes: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        replace(town(0), **changes)  # type: ignore[arg-type]


def test_nobody_to_serve_or_nobody_to_serve_them() -> None:
    assert plan(town(0, compounds=0), iterations=1).primary.size == 0
    none = Problem([[1], [2]], np.empty((0, 1), int), np.empty((2, 0), int), [1, 1])
    assert [str(note) for note in zoned(none, 1).notes] == [
        "Compound 1 has no supplier: none may serve it.",
        "Compound 2 has no supplier: none may serve it.",
    ]
    closed = zoned(replace(town(0), closed=[True] * 3), 1)
    assert set(closed.primary.tolist()) == {NOBODY}


def test_a_tenth_of_a_second_is_kept_to() -> None:
    zoned(town(0), 1)
    for room in (1.35, 0.5):
        problem = town(6, compounds=2_000, suppliers=300, room=room)
        assert is_in_time(partial(plan, problem))


def test_the_same_seed_and_iterations_give_the_same_plan_and_a_stop_is_obeyed() -> None:
    problem = town(8, compounds=60, suppliers=10)
    one, two = zoned(problem, 50_000), zoned(problem, 50_000)
    assert one.primary.tolist() == two.primary.tolist()
    assert one.backup.tolist() == two.backup.tolist()
    assert one.iterations == two.iterations == 50_000
    assert plan(problem, seconds=600, cancelled=lambda: True).iterations == 0
