"""What a household said of each good that it ordered: taken instead, taken besides."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.allocation.models import Willing
from lastmetre.chain.orders.models import Request, RequestLine, Round, RoundItem
from lastmetre.chain.orders.rules import RequestState
from lastmetre.ground.places.models import Household


@dataclass(frozen=True, slots=True)
class Wanted:
    """A good that was ordered, and what else would do."""

    line: RequestLine
    more: Decimal
    others: tuple[RoundItem, ...]
    """What else the round has."""

    @property
    def most(self) -> Decimal | None:
        """How much more the household may have (PD8); None: as much as it likes."""
        limit = self.line.item.limit
        return None if limit is None else max(limit - self.line.quantity, Decimal(0))


@dataclass(frozen=True, slots=True)
class Tolerances:
    """An order with all that was said of it."""

    request: Request
    goods: tuple[Wanted, ...]


def willing_of(row: Round, household: Household) -> Tolerances | None:
    """Return what a household said; None where it has no order in the round; four queries."""
    request = Request.objects.filter(round=row, household=household, state=RequestState.ACTIVE).first()
    if request is None:
        return None
    more: dict[UUID, Decimal] = dict(Willing.objects.filter(request=request).values_list("item_id", "more"))
    items = tuple(row.items.select_related("product"))
    lines = request.lines.select_related("item__product", "substitute__product").order_by("item__number")
    return Tolerances(
        request,
        tuple(
            Wanted(
                line,
                more.get(line.item_id, Decimal(0)),
                tuple(item for item in items if item.pk != line.item_id),
            )
            for line in lines
        ),
    )
