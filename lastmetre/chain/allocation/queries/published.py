"""The list that everybody may check: every share by the household's own code, without names (PD8)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from lastmetre.chain.allocation.models import Allocation, Share
from lastmetre.ground.protection.keys import keys
from lastmetre.papers.codes import printed_code, short_codes

_LIST = "published shares"
PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One share as it is published."""

    code: str
    asked: Decimal
    got: Decimal
    counts_as: Fraction
    """People that the household counts as."""
    is_substitute: bool
    whys: tuple[str, ...]

    @property
    def people(self) -> str:
        """What it counts as, as people read it."""
        return f"{float(self.counts_as):g}"


def own_codes(allocation: Allocation, households: list[UUID]) -> dict[UUID, str]:
    """Return the code of each household on the list of one sharing: only the household knows whose it is."""
    found = short_codes(keys().derived(_LIST), str(allocation.round_id), (str(one) for one in households))
    return {UUID(key): printed_code(code) for key, code in found.items()}


@dataclass(frozen=True, slots=True)
class Rows:
    """Some shares of one good by code, and the code after which the list goes on; '' at the end."""

    rows: tuple[Row, ...]
    next: str = ""
    previous: str = ""


def published(allocation: Allocation, item: UUID, *, after: str = "", limit: int = PAGE) -> Rows:
    """Return a page of the shares of one good by code; within SYSTEM, after the caller saw the round."""
    everybody = Share.objects.filter(allocation=allocation).values_list("request__household", flat=True)
    codes = own_codes(allocation, list(everybody.distinct()))
    of_good = Share.objects.filter(allocation=allocation, item=item)
    asking = set(of_good.values_list("request__household", flat=True))
    behind = sorted((codes[home], home) for home in asking if codes[home] > after)
    rows: Any = of_good.filter(request__household__in=[home for _, home in behind[:limit]])
    shown = _rows(allocation, rows.select_related("request"), codes)
    return Rows(tuple(shown), behind[limit - 1][0] if len(behind) > limit else "")


def _rows(allocation: Allocation, rows: Any, codes: dict[UUID, str]) -> list[Row]:
    person = allocation.rule["person"]
    return sorted(
        (
            Row(
                codes[row.request.household_id],
                row.asked,
                row.got,
                Fraction(row.weight, person),
                row.substitute_for_id is not None,
                tuple(one.words for one in row.revisions.all() if one.words),
            )
            for row in rows.prefetch_related("revisions")
        ),
        key=lambda row: (row.code, row.is_substitute),
    )
