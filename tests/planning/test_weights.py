"""How much a household counts: people, need, food left, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lastmetre.planning import shares
from lastmetre.planning.weights import UNKNOWN, Problem, weights
from lastmetre.terms import InputError


def test_a_person_counts_four_parts_and_an_unknown_household_as_one() -> None:
    assert list(weights(Problem(np.array([1, 2, 0])))) == [4, 8, 4]


def test_need_and_food_that_ends_soon_add_parts_for_each_person() -> None:
    people = np.array([2, 2, 2, 2, 2])
    needs = np.array([0, 1, 0, 0, 1])
    left = np.array([UNKNOWN, 40, 29, 9, 0])
    assert list(weights(Problem(people, needs, left))) == [8, 10, 10, 12, 14]


def test_what_a_household_counts_as_is_said_in_people() -> None:
    problem = shares.Problem(3, np.array([4, 4]), np.array([8, 12]), people=np.array([2, 2]), parts=4)
    plan = shares.plan(problem)
    assert "shared by head count, 2 people" in str(plan.reason(0))
    assert "with need and food left yours counts as 3" in str(plan.reason(1))


def test_figures_below_nothing_are_refused() -> None:
    with pytest.raises(InputError):
        Problem(np.array([-1]))
    with pytest.raises(InputError):
        Problem(np.array([1]), tenths_left=np.array([-2]))
