"""Labels that do not fit: of a bag that is not packed yet, of another compound, of nothing. Names no household."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.models import Account, Book, Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for, find_parcel, short_code_of
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.people.queries.contacts import contacts_of_door
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.codes import LENGTH, PREFIX, check_code, plain_code
from lastmetre.terms import InputError, say

MOST_BOOKS = 200
"""Open books in which a foreign label is looked for, the latest first."""


class ForeignLabel(InputError):
    """A bag of another compound or round: set aside, its liaison is called."""


def parcel_of(row: Round, scanned: str, *, at: datetime) -> Parcel:
    """Return the bag or box of a label; raises InputError that says what the label is instead."""
    with acting_as(SYSTEM):
        return find_parcel(row.book, scanned) or _refuse(row, scanned, at)


def _refuse(row: Round, scanned: str, at: datetime) -> Parcel:
    text = plain_code(scanned)
    code = (
        text[len(PREFIX) : len(PREFIX) + LENGTH] if text.startswith(PREFIX) and len(text) > LENGTH else text
    )
    if not check_code(code):
        raise InputError(
            say("This is no label of ours, or a sign is wrong."),
            remedy=say("Scan again, or type the eight signs that stand under the square."),
        )
    other = _elsewhere(row, scanned, code)
    if other is not None:
        raise _foreign(row, other, at)
    if short_code_of(row.book_id, scanned) in _printed(row):
        raise InputError(
            say("This label is of this round, but its bag was not packed."),
            remedy=say("Set it aside and ask the supplier: it must be packed in the books before it counts."),
        )
    raise InputError(
        say("This label does not belong to this round."),
        remedy=say("Set it aside and call the liaison: it may belong to another compound."),
    )


def _elsewhere(row: Round, scanned: str, code: str) -> Book | None:
    """Return the open book whose label this is; a typed code alone, where only one book has it."""
    rows = Parcel.objects.filter(code=code, book__closed_at__isnull=True).exclude(book=row.book_id)
    books = [one.book for one in rows.select_related("book__place", "book__round")[:MOST_BOOKS]]
    found = [one for one in books if short_code_of(one.pk, scanned) == code]
    return found[0] if len(found) == 1 else None


def _foreign(row: Round, book: Book, at: datetime) -> ForeignLabel:
    if book.place_id == row.place_id:
        return ForeignLabel(
            say("This bag is of another round: “{title}”.", title=book.title),
            remedy=say("Count it there."),
        )
    who = next((one for one in contacts_of_door(book.path, at=at) if one.role.pk == "liaison"), None)
    if who is None:
        return ForeignLabel(
            say("This bag is for {place}, not for here.", place=book.place.name),
            remedy=say("Set it aside and call the hotline: nobody is named as liaison there."),
        )
    return ForeignLabel(
        say("This bag is for {place}, not for here.", place=book.place.name),
        remedy=say("Set it aside and call its liaison, {name}.", name=who.name),
    )


def _printed(row: Round) -> set[str]:
    """Return the label codes of households that are promised something in a round."""
    owners = Account.objects.filter(book=row.book_id, kind=AccountKind.OWED, owner__isnull=False).values_list(
        "owner", flat=True
    )
    homes: list[UUID] = [one for one in owners if one is not None]
    return {code.short for code in codes_for(row.book_id, homes).values()}
