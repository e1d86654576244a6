"""Columns and tables: the numbers of a problem, checked once and then never changed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lastmetre.terms import InputError, Sentence, say

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
YesNo = NDArray[np.bool_]

MOST = 2**40
"""No number of a table is larger."""


def column(name: str, values: ArrayLike, households: int, lowest: int | None = 0) -> Whole:
    """Return a read-only copy of one whole number a household.

    Raises `InputError` where a number is missing, broken or below `lowest` (None: any is right).
    """
    array = np.array(values)
    if array.shape != (households,):
        raise InputError(
            say(
                "There are {count} {name} for {households} households.",
                count=array.size,
                name=name,
                households=households,
            ),
            remedy=say("Give one number a household, in the same order."),
        )
    if array.size and array.dtype.kind not in "iu":
        raise InputError(
            say("Not all {name} are whole numbers.", name=name),
            remedy=say("Give them in whole steps; where none is known, leave the whole column out."),
        )
    if lowest is not None and array.size and array.min() < lowest:
        row = int(np.argmin(array))
        raise InputError(
            say("Number {row} of the {name} is {value}.", row=row + 1, name=name, value=int(array[row])),
            remedy=say("Give {lowest} or more.", lowest=lowest),
        )
    whole = array.astype(np.int64)
    whole.setflags(write=False)
    return whole


def table(name: str, values: ArrayLike, shape: tuple[int, ...], lowest: int = 0, most: int = MOST) -> Whole:
    """Return a read-only copy of whole numbers in rows and columns.

    Raises `InputError` where the shape is another, or a number is broken, below `lowest` or above `most`.
    """
    array = _shaped(name, np.array(values), shape)
    if array.size and (array.dtype.kind not in "iu" or int(array.min()) < lowest or int(array.max()) > most):
        raise _mistyped(name, say("whole number from {lowest} on", lowest=lowest))
    return _kept(array.astype(np.int64))


def real_table(name: str, values: ArrayLike, shape: tuple[int, ...], most: int = MOST) -> Real:
    """Return a read-only copy of numbers from 0 on, parts allowed; raises `InputError` as `table` does."""
    array = _shaped(name, np.array(values, np.float64), shape)
    if array.size and not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= most):
        raise _mistyped(name, say("number from 0 on"))
    return _kept(array)


def yes_no_table(name: str, values: ArrayLike, shape: tuple[int, ...]) -> YesNo:
    """Return a read-only copy of yes and no; raises `InputError` where the shape is another."""
    return _kept(_shaped(name, np.array(values, bool), shape))


def _shaped(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if array.shape == shape:
        return array
    raise InputError(
        say("The table {name} has the wrong size.", name=name),
        remedy=say(
            "Give {wanted} numbers, as the other tables have; there are {given}.",
            wanted=" x ".join(map(str, shape)),
            given=" x ".join(map(str, array.shape)),
        ),
    )


def _mistyped(name: str, wanted: Sentence) -> InputError:
    return InputError(
        say("The table {name} has an entry that is no {wanted}.", name=name, wanted=wanted),
        remedy=say("Look for a mistyped, negative or far too large number."),
    )


def _kept(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


def check_exact(caps: Whole, heads: Whole) -> None:
    """Refuse figures so large that a share would no longer be exact in 64 bits."""
    people = float(heads.sum(dtype=np.float64))
    if people > 2**40 or float(caps.sum(dtype=np.float64)) * people > 2**52:
        raise InputError(
            say("These wishes and weights are too large to be shared exactly."),
            remedy=say("Look for a mistyped quantity or head count, or set a limit for each household."),
        )
