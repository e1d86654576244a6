"""Unclaimed and spare goods at the point: given to who needs them in time, given back, or written down as spoiled."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Book
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot, moved
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.booking import household_of, is_own_household, locked_book
from lastmetre.chain.settlement.queries.goods_flow import spare
from lastmetre.chain.settlement.rules import Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def give_spare(
    row: Round,
    product: UUID,
    amount: int,
    household: Household,
    *,
    by: Actor,
    at: datetime,
    id: UUID | None = None,
) -> None:
    """Give spare goods to a household, free: thousandths of a sale unit. Twice with one id is one gift."""
    by.must(Permission.CONFIRM, path=household.path)
    if is_own_household(household, by):
        raise InputError(say("Nobody gives to themselves."), remedy=say("Ask a second person."))
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        home = household_of(book, household.pk)
        door = Spot(AccountKind.DOOR, home.pk, home.place_id)
        _take(book, product, amount, door, Cause.GIVEN, by=by, at=at, id=id, thing=home.pk)
        record("gave", "places.household", home.pk, by=by, at=at, path=home.path)


def spoil_spare(
    row: Round, product: UUID, amount: int, *, by: Actor, at: datetime, id: UUID | None = None
) -> None:
    """Write down that spare goods have spoiled."""
    by.must(Permission.CONFIRM, path=row.path)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        _take(book, product, amount, Spot(AccountKind.LOSS), Cause.SPOILED, by=by, at=at, id=id, thing=row.pk)
        record("spoiled", "orders.round", row.pk, by=by, at=at, path=row.path)


def return_spare(
    row: Round, product: UUID, amount: int, *, by: Actor, at: datetime, id: UUID | None = None
) -> None:
    """Give spare goods back to the supplier."""
    by.must(Permission.CONFIRM, path=row.path)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        shelf = Spot(AccountKind.SUPPLY, book.supplier_id)
        _take(book, product, amount, shelf, Cause.TAKEN_BACK, by=by, at=at, id=id, thing=row.pk)
        record("returned", "orders.round", row.pk, by=by, at=at, path=row.path)


def _take(
    book: Book,
    product: UUID,
    amount: int,
    to: Spot,
    cause: Cause,
    *,
    by: Actor,
    at: datetime,
    id: UUID | None,
    thing: UUID,
) -> None:
    there = spare(book).get(product, 0)
    if not 0 < amount <= there:
        if id is not None and _is_done(book, id):
            return
        raise InputError(
            say("There is not so much to give."),
            remedy=say("Look at what is there now, and take no more than that."),
        )
    lines: list[Amount] = []
    left = amount
    for spot, held in _points(book, product):
        part = min(left, held)
        if part > 0:
            lines += moved(spot, to, part, product)
            left -= part
    post(book, lines, cause=cause, by=by, at=at, id=id, thing=thing)


def _is_done(book: Book, id: UUID) -> bool:
    return book.postings.filter(pk=id).exists()


def _points(book: Book, product: UUID) -> list[tuple[Spot, int]]:
    return [
        (Spot(AccountKind.POINT, held.owner), held.amount)
        for held in balances(book, AccountKind.POINT)
        if held.product == product
    ]
