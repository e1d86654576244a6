"""Who has paid, and whose bag may be packed (FC2c, FC2d)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lastmetre.chain.ledger.models import Balance
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import PayRule
from lastmetre.terms import Sentence, say


@dataclass(frozen=True, slots=True)
class Packable:
    """Whose bags may be packed now, by the round's rule when to pay."""

    paid: frozenset[UUID]
    """Households that owe nothing."""
    unpaid: frozenset[UUID]
    refused: Sentence | None
    """Why not all may be packed; None: all may."""


def is_paid(row: Round, household: UUID) -> bool:
    """Tell whether a household owes nothing in a round; claims do not count. One query."""
    owing = Balance.objects.filter(
        account__book=row.book_id, account__kind=AccountKind.DUE, account__owner=household, amount__gt=0
    )
    return not owing.exists()


def unpaid(row: Round) -> set[UUID]:
    """Return the households that still have to pay; one query."""
    return {held.owner for held in balances(row.book, AccountKind.DUE) if held.owner and held.amount > 0}


def may_pack(row: Round) -> Packable:
    """Return whose bags may be packed; two queries.

    Before packing: only those of households that have paid. After packing (FC2c) or free (QZ7): all.
    """
    owing = unpaid(row)
    everybody = {held.owner for held in balances(row.book, AccountKind.OWED) if held.owner}
    paid = frozenset(everybody - owing)
    if row.pay_rule != PayRule.BEFORE_PACKING or not owing:
        return Packable(paid, frozenset(owing), None)
    return Packable(paid, frozenset(owing), unpaid_sentence(len(owing)))


def unpaid_sentence(count: int) -> Sentence:
    """Say why not all bags may be packed."""
    return say("{count} households have not paid: only what is paid is packed in this round.", count=count)
