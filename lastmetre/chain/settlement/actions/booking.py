"""What all actions about money share: the locked book, the accounts, and postings both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import SALES, due_from
from lastmetre.chain.ledger.actions.posting import check_open, post
from lastmetre.chain.ledger.models import Balance, Book, Line
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.terms import InputError, say

__all__ = ["SALES", "balance", "carried_by", "carried_of", "due_fen", "due_from", "household_of", "undo"]


def locked_book(pk: UUID) -> Book:
    """Return a book for money to be booked in: nobody else books money in it meanwhile. Within SYSTEM."""
    book: Book = Book.objects.select_for_update(no_key=True, of=("self",)).select_related("place").get(pk=pk)
    check_open(book)
    return book


def received_by(book: Book, *, in_cash: bool = False) -> Spot:
    """Return who has the money: the supplier's fixed collection code, or the cash box of the compound."""
    return Spot(AccountKind.RECEIVED, None if in_cash else book.supplier_id)


def carried_of(household: Household) -> Spot:
    """Return what goes to a household's next round."""
    return Spot(AccountKind.CARRIED, household.pk, household.place_id)


def carried_by(book: Book) -> Spot:
    """Return the other side of what is carried: whoever holds the money, or waits for it."""
    return Spot(AccountKind.CARRIED, book.supplier_id)


def due_fen(book: Book, household: UUID) -> int:
    """Return what a household has to pay; below zero: what it is owed. One query."""
    return balance(book, AccountKind.DUE, household)


def given_fen(book: Book, household: UUID) -> int:
    """Return what a fund may still pay for a household; below zero: what the fund is owed. One query."""
    return balance(book, AccountKind.PLEDGED if book.fund_pays else AccountKind.DUE, household)


def given_for(book: Book, household: Household) -> Spot:
    """Return the account that a fund pays into for a household."""
    kind = AccountKind.PLEDGED if book.fund_pays else AccountKind.DUE
    return Spot(kind, household.pk, household.place_id)


def balance(book: Book, kind: AccountKind, owner: UUID | None) -> int:
    """Return the money that an account of a book holds. One query."""
    found = Balance.objects.filter(account__book=book, account__kind=kind, account__owner=owner, product=None)
    return found.values_list("amount", flat=True).first() or 0


def household_of(book: Book, pk: UUID) -> Household:
    """Return a household of the book's compound. Raises InputError for another."""
    home = Household.objects.select_related("place").filter(pk=pk, path__within=book.path).first()
    if home is None:
        raise InputError(
            say("This household does not live in the round's compound."),
            remedy=say("Choose the round of its own compound."),
        )
    return home


def undo(book: Book, things: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Post the opposite of all postings of a thing: nothing is ever changed or deleted."""
    rows = Line.objects.filter(posting__book=book, posting__thing__in=things).exclude(
        posting__cause=Cause.CORRECTED
    )
    lines: dict[UUID, list[Amount]] = defaultdict(list)
    for row in rows.select_related("account").order_by("pk"):
        spot = Spot(AccountKind(row.account.kind), row.account.owner, row.account.place_id)
        lines[row.posting_id].append(Amount(spot, -row.amount, row.product_id))
    # One opposite for each: what a posting says by the accounts it joins must stay true of its opposite.
    for opposite in lines.values():
        post(book, opposite, cause=Cause.CORRECTED, by=by, at=at, thing=things[0])


def is_own_household(household: Household, by: Actor) -> bool:
    """Tell whether the actor is the household itself."""
    return by.key == str(household.pk) and by is not SYSTEM
