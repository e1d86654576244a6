"""Opening books and posting to them. One posting: three short statements however many lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lastmetre.chain.ledger.models import Account, Book, Posting
from lastmetre.chain.ledger.rules import BELOW_ZERO, AccountKind, Amount, Cause, Spot
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

BOOK = "ledger.book"
_INSERT_LINES = """
    INSERT INTO ledger_line (posting_id, account_id, product_id, amount)
    SELECT %s, account, product, sum(amount)
    FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[]) AS given (account, product, amount)
    GROUP BY account, product HAVING sum(amount) <> 0
"""


class NotEnough(InputError):
    """An account does not hold what was to be taken from it."""


def open_book(
    *,
    place: Place,
    supplier: Supplier | None,
    title: str,
    by: Actor,
    at: datetime,
    fund_pays: bool = False,
    id: UUID | None = None,
) -> Book:
    """Open the books of a round; `fund_pays`: no household of it is ever billed."""
    with acting_as(SYSTEM):
        row = Book(
            id=id or new_id(),
            place=place,
            path=place.path,
            supplier=supplier,
            title=title.strip()[:80],
            opened_at=at,
            fund_pays=fund_pays,
        )
        row.save(force_insert=True)
        record("opened", BOOK, row.pk, by=by, at=at, path=place.path)
    return row


def close_book(book: Book, *, by: Actor, at: datetime) -> None:
    """Close the books; `settlement` has checked that every difference has its cause."""
    with acting_as(SYSTEM):
        Book.objects.filter(pk=book.pk, closed_at=None).update(closed_at=at, closed_by=by.key)
        record("closed", BOOK, book.pk, by=by, at=at, path=book.path)
        book.refresh_from_db(fields=["closed_at", "closed_by"])


def accounts_of(book: Book, spots: Iterable[Spot]) -> dict[Spot, Account]:
    """Return the accounts of a book by what they are; those that are missing are made. Within SYSTEM."""
    wanted = list(dict.fromkeys(spots))
    found = {
        (one.kind, one.owner): one
        for one in Account.objects.filter(
            book=book, kind__in={spot.kind for spot in wanted}, owner__in={spot.owner for spot in wanted}
        )
    }
    found |= {
        (one.kind, one.owner): one
        for one in Account.objects.filter(
            book=book, kind__in={spot.kind for spot in wanted}, owner__isnull=True
        )
    }
    missing = [spot for spot in wanted if (spot.kind.value, spot.owner) not in found]
    if missing:
        Account.objects.bulk_create(
            [
                Account(
                    book=book,
                    kind=spot.kind.value,
                    owner=spot.owner,
                    place_id=spot.place or book.place_id,
                    may_go_below=spot.kind in BELOW_ZERO,
                )
                for spot in missing
            ],
            ignore_conflicts=True,
        )
        return accounts_of(book, wanted)
    return {spot: found[spot.kind.value, spot.owner] for spot in wanted}


def post(
    book: Book,
    amounts: Sequence[Amount],
    *,
    cause: Cause,
    by: Actor,
    at: datetime,
    id: UUID | None = None,
    thing: UUID | None = None,
) -> Posting | None:
    """Write one posting; None where its id is there already: sent twice, it counts once.

    Raises NotEnough where an account would hold less than nothing, InputError where the book is closed.
    Lines of one account and product are added up; a posting without lines is not written.
    """
    check_open(book)
    amounts = _pledged(amounts, cause) if book.fund_pays else amounts
    with acting_as(SYSTEM):
        if id is not None and Posting.objects.filter(pk=id).exists():
            return None
        accounts = accounts_of(book, (one.spot for one in amounts))
        row = Posting(
            id=id or new_id(), book=book, place_id=book.place_id, at=at, by=by.key, cause=cause, thing=thing
        )
        columns = (
            [accounts[one.spot].pk for one in amounts],
            [one.product for one in amounts],
            [one.amount for one in amounts],
        )
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                row.save(force_insert=True)
                cursor.execute(_INSERT_LINES, [row.pk, *columns])
        except IntegrityError as error:
            if "balance_not_below_0" not in str(error):
                raise
            raise NotEnough(
                say("There is not so much left of it."),
                remedy=say("Look at what is there now, and take no more than that."),
            ) from error
    return row


def let_fund_pay(book: Book, *, pays: bool) -> None:
    """Say whether a fund pays what goods will cost; before anything is priced, as its caller has checked."""
    with acting_as(SYSTEM):
        book.fund_pays = pays
        book.save(update_fields=["fund_pays"])


def _pledged(amounts: Sequence[Amount], cause: Cause) -> Sequence[Amount]:
    """In a round that is free, what goods cost is the fund's to pay, not the household's (QZ7)."""
    is_price = cause is not Cause.CARRIED and any(one.spot.kind is AccountKind.SALES for one in amounts)
    if not is_price:
        return amounts
    return [
        replace(one, spot=replace(one.spot, kind=AccountKind.PLEDGED))
        if one.spot.kind is AccountKind.DUE
        else one
        for one in amounts
    ]


def check_open(book: Book) -> None:
    """Raise InputError where a book is closed."""
    if book.closed_at is not None:
        raise InputError(
            say("The books of “{title}” are closed.", title=book.title),
            remedy=say("Enter it in the next round, and say there what it is about."),
        )
