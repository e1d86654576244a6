"""Columns: one whole number a household, checked once and then never changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lastmetre.terms import InputError, say

Whole = NDArray[np.int64]


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


def check_exact(caps: Whole, heads: Whole) -> None:
    """Refuse figures so large that a share would no longer be exact in 64 bits."""
    people = float(heads.sum(dtype=np.float64))
    if people > 2**40 or float(caps.sum(dtype=np.float64)) * people > 2**52:
        raise InputError(
            say("These wishes and weights are too large to be shared exactly."),
            remedy=say("Look for a mistyped quantity or head count, or set a limit for each household."),
        )
