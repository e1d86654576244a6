"""Unpaid at the deadline: the bag leaves the batch, with a message (FC2d). Whoever has paid is not touched."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.parcels import PROMISES, SALES, due_from, lose, owed_to
from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Book, Parcel
from lastmetre.chain.ledger.queries.balances import owed_by_household
from lastmetre.chain.ledger.rules import AccountKind, Cause, ParcelKind, Spot, moved
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.settlement.actions.booking import household_of, locked_book
from lastmetre.chain.settlement.queries.bills import bill_fen
from lastmetre.chain.settlement.queries.chase import chase, reminder
from lastmetre.chain.settlement.rules import Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say


def drop_unpaid(
    row: Round, *, by: Actor, at: datetime, households: Collection[UUID] | None = None
) -> list[UUID]:
    """Take households out of the batch that have not paid; returns those that left. Again has no effect.

    Without `households`: all that owe after the time to pay, but for those whose claim nobody has looked at,
    and those whose bag is on the way. Named ones leave whatever they claim.
    """
    by.must(Permission.CONFIRM, path=row.path)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        held = Round.objects.select_related("place", "book").get(pk=row.pk)
        _check_time(held, households, at)
        found = chase(held, at)
        leaving = [
            one.home.id
            for one in found.owing
            if (one.stays is None if households is None else one.home.id in households)
            and not (one.bag is not None and one.bag.account.kind in (AccountKind.VEHICLE, AccountKind.CART))
        ]
        left = [pk for pk in leaving if take_out(book, household_of(book, pk), Cause.UNPAID, by=by, at=at)]
        if left:
            homes = [household_of(book, pk).place for pk in left]
            notify(NoticeKind.UNPAID, sentence=_message(held), places=homes, by=by, at=at, row=held)
            record("dropped", "orders.round", held.pk, by=by, at=at, path=held.path, count=len(left))
    return left


def take_out(book: Book, home: Household, cause: Cause, *, by: Actor, at: datetime) -> bool:
    """End what a household was promised: its bag where there is one, else the promise. False: nothing was open."""
    bag = Parcel.objects.filter(book=book, household=home, kind=ParcelKind.BAG, ended_at=None)
    held = bag.select_related("account").first()
    done = False
    if held is not None:
        lose(held.pk, cause=cause, to=_back(book, held), by=by, at=at)
        done = True
    owed = owed_by_household(book, [home.pk]).get(home.pk, {})
    lines = [
        line for product, amount in owed.items() for line in moved(owed_to(home), PROMISES, amount, product)
    ]
    fen = bill_fen(book, home.pk) if lines else 0
    # A bag that has gone to the door is paid for still: only what nobody will bring is taken off.
    if lines and fen > 0 and not _has_received(book, home):
        lines += moved(due_from(home), SALES, fen)
    if lines:
        post(book, lines, cause=cause, by=by, at=at, thing=home.pk)
        done = True
    if done and not _has_received(book, home):
        _even_out(book, home, cause, by=by, at=at)
    return done


def _even_out(book: Book, home: Household, cause: Cause, *, by: Actor, at: datetime) -> None:
    """Where something had been taken off the bill before, taking the goods off too would leave less than nothing."""
    below = bill_fen(book, home.pk)
    if below < 0:
        post(book, moved(due_from(home), SALES, below), cause=cause, by=by, at=at, thing=home.pk)


def _has_received(book: Book, home: Household) -> bool:
    return Parcel.objects.filter(book=book, household=home, account__kind=AccountKind.DOOR).exists()


def _back(book: Book, bag: Parcel) -> Spot:
    """Still at the supplier: back on its shelf. Else it is spare at the point, for whoever needs it."""
    if bag.account.kind == AccountKind.PACKED:
        return Spot(AccountKind.SUPPLY, book.supplier_id)
    return Spot(AccountKind.POINT)


def _check_time(row: Round, households: Collection[UUID] | None, at: datetime) -> None:
    if households is not None:
        return
    if row.pay_until is None or at < row.pay_until:
        raise InputError(
            say("The time to pay is not over."),
            remedy=say("Remind those who have not paid, or name them one by one."),
        )


def _message(row: Round) -> Sentence:
    return say(
        "“{title}”: nothing was paid in time, so your bag has left this batch. Ring your liaison if that is wrong.",
        title=row.title,
    )


def remind(row: Round, *, by: Actor, at: datetime) -> int:
    """Put a notice with the amount on the page of everybody who owes; returns how many."""
    by.must(Permission.CONFIRM, path=row.path)
    with acting_as(SYSTEM):
        held = Round.objects.select_related("place", "book").get(pk=row.pk)
        owing = chase(held, at).owing
        places = Place.objects.in_bulk([one.home.door for one in owing])
        for one in owing:
            notify(
                NoticeKind.PAY,
                sentence=reminder(held, one.due_fen, ""),
                places=[places[one.home.door]],
                by=by,
                at=at,
                row=held,
                until=held.pay_until,
            )
        record("reminded", "orders.round", held.pk, by=by, at=at, path=held.path, count=len(owing))
    return len(owing)
