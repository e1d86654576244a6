"""What accounts hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from lastmetre.chain.ledger.models import Balance, Book
from lastmetre.chain.ledger.rules import CUSTODY, AccountKind


@dataclass(frozen=True, slots=True)
class Held:
    """What an account holds of a product, or of money (`product` None)."""

    kind: AccountKind
    owner: UUID | None
    product: UUID | None
    amount: int


def balances(book: Book, *kinds: AccountKind, owners: Collection[UUID] | None = None) -> list[Held]:
    """Return all balances of a book that are not 0, of some kinds and owners or of all; one query."""
    rows = Balance.objects.filter(account__book=book).exclude(amount=0)
    if kinds:
        rows = rows.filter(account__kind__in=kinds)
    if owners is not None:
        rows = rows.filter(account__owner__in=owners)
    return [
        Held(AccountKind(kind), owner, product, amount)
        for kind, owner, product, amount in rows.values_list(
            "account__kind", "account__owner", "product", "amount"
        )
    ]


def totals(book: Book) -> dict[tuple[AccountKind, UUID | None], int]:
    """Return the sum of each kind of account by product (None: money); one query."""
    rows = (
        Balance.objects.filter(account__book=book)
        .values_list("account__kind", "product")
        .annotate(total=Sum("amount"))
    )
    return {(AccountKind(kind), product): total for kind, product, total in rows if total}


def due_by_household(book: Book) -> dict[UUID, int]:
    """Return what each household has to pay (below zero: is owed), in fen; one query."""
    return {held.owner: held.amount for held in balances(book, AccountKind.DUE) if held.owner}


def owed_by_household(book: Book, owners: Collection[UUID] | None = None) -> dict[UUID, dict[UUID, int]]:
    """Return what each household was promised and has not had: {household: {product: thousandths}}; one query."""
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for held in balances(book, AccountKind.OWED, owners=owners):
        if held.owner and held.product:
            found[held.owner][held.product] = held.amount
    return dict(found)


OPEN = (*CUSTODY, AccountKind.OWED, AccountKind.STOCK)
"""Accounts that are empty before the books close."""


def unexplained(book: Book) -> list[Held]:
    """Return what is still on its way or promised: each is a difference without a cause; one query."""
    return balances(book, *OPEN)
