"""Whether a supplier may serve, and why not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from lastmetre.ground.goods.rules.classes import SupplierKind
from lastmetre.terms import InputError, Sentence, say

NO_LICENCE_NEEDED = frozenset({SupplierKind.FARMER, SupplierKind.RESERVE})
"""Farmers selling what they grew need no business licence; reserves belong to the state."""
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a supplier's papers."""

    kind: SupplierKind
    licence: str
    licence_from: datetime.date | None
    licence_until: datetime.date | None
    """None: no end."""
    pledged_on: datetime.date | None
    plan_filed_on: datetime.date | None
    is_suspended: bool = False


def standing(paper: Standing, on: datetime.date) -> Sentence | None:
    """Say why a supplier may not serve on a day; None where it may."""
    if paper.is_suspended:
        return say("This supplier is suspended.")
    if paper.kind in NO_LICENCE_NEEDED:
        return None
    if not paper.licence:
        return say("This supplier has shown no licence.")
    if paper.licence_from and on < paper.licence_from:
        return say("The licence begins on {day}.", day=paper.licence_from.isoformat())
    if paper.licence_until and on > paper.licence_until:
        return say("The licence ended on {day}.", day=paper.licence_until.isoformat())
    return None


def papers_missing(paper: Standing, on: datetime.date) -> tuple[Sentence, ...]:
    """Say what else should be on file; none of it stops sales."""
    missing = []
    if paper.pledged_on is None:
        missing.append(say("The pledge on price and supply is not signed."))  # QZ4
    if paper.plan_filed_on is None:
        missing.append(say("No supply plan is on file."))  # ER17
    until = paper.licence_until
    if until and on <= until <= on + datetime.timedelta(days=SOON_DAYS):
        missing.append(say("The licence ends on {day}.", day=until.isoformat()))
    return tuple(missing)


def check_can_serve(paper: Standing, on: datetime.date) -> None:
    """Refuse a supplier that may not serve on a day; raises InputError."""
    why = standing(paper, on)
    if why:
        raise InputError(why, remedy=say("Put its papers in order, or choose another supplier."))
