"""What a share means in the books: the promise (PROMISES to OWED) and the bill (SALES to DUE)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import PROMISES, SALES, due_from, owed_to
from lastmetre.chain.ledger.models import Book, Line
from lastmetre.chain.ledger.rules import AccountKind, Amount, Spot, milli, moved, price_of
from lastmetre.ground.places.models import Household


@dataclass(frozen=True, slots=True)
class Change:
    """What a household gets of a product in all, before and after, in sale units."""

    household: Household
    product: UUID
    price_fen: int
    before: Decimal
    after: Decimal


def promise_lines(changes: Iterable[Change]) -> list[Amount]:
    """Return the lines of what is promised, more or less than before."""
    return [
        line
        for one in changes
        if one.after != one.before
        for line in moved(PROMISES, owed_to(one.household), milli(one.after) - milli(one.before), one.product)
    ]


def bill_lines(changes: Iterable[Change]) -> list[Amount]:
    """Return the lines of what is to be paid; a household's goods together, each rounded as its bag will be."""
    owed: dict[UUID, int] = defaultdict(int)
    homes: dict[UUID, Household] = {}
    for one in changes:
        homes[one.household.pk] = one.household
        before, after = (price_of(milli(units), one.price_fen) for units in (one.before, one.after))
        owed[one.household.pk] += after - before
    return [line for pk, fen in owed.items() if fen for line in moved(SALES, due_from(homes[pk]), fen)]


def unsold_lines(on_sale: Mapping[UUID, Decimal]) -> list[Amount]:
    """Return the lines that take off sale what nobody ordered: the round is cut off."""
    return [
        line
        for product, left in on_sale.items()
        if left
        for line in moved(Spot(AccountKind.STOCK), PROMISES, milli(left), product)
    ]


def reversal_lines(book: Book, thing: UUID) -> list[Amount]:
    """Return the opposite of all that was posted for something: nothing is ever deleted (trust.md 4)."""
    sums: dict[tuple[Spot, UUID | None], int] = defaultdict(int)
    rows = Line.objects.filter(posting__book=book, posting__thing=thing).values_list(
        "account__kind", "account__owner", "account__place", "product", "amount"
    )
    for kind, owner, place, product, amount in rows:
        sums[Spot(AccountKind(kind), owner, place), product] -= amount
    return [Amount(spot, amount, product) for (spot, product), amount in sums.items() if amount]
