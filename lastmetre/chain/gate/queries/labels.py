"""Labels that do not fit: of a bag that is not packed yet, of another compound, of nothing. Names no household."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.models import Account, Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for, find_parcel, short_code_of
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.people.queries.contacts import contacts_of_door
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.codes import LENGTH, PREFIX, check_code, plain_code
from lastmetre.terms import InputError, Sentence, say

MOST_BOOKS = 200
"""Open books in which a foreign label is looked for, the latest first."""


class ForeignLabel(InputError):
    """A bag of another compound or round: set aside, its liaison is called."""

    def __init__(self, parcel: Parcel, what: Sentence, *, remedy: Sentence) -> None:
        super().__init__(what, remedy=remedy)
        self.parcel = parcel


def parcel_of(row: Round, scanned: str, *, at: datetime) -> Parcel:
    """Return the bag or box of a label; raises InputError that says what the label is instead."""
    with acting_as(SYSTEM):
        return find_parcel(row.book, scanned) or _refuse(row, scanned, at)


def foreign_label(
    scanned: str, at: datetime, *, here: Place | None, but: UUID | None = None
) -> ForeignLabel | None:
    """Return what to say of a label of any open book (`but` one), scanned in a compound; None where none has it.

    A typed code counts only where one book has it. Within SYSTEM.
    """
    code = _typed(scanned)
    rows = Parcel.objects.filter(code=code, book__closed_at__isnull=True).exclude(book=but)
    bags = rows.select_related("book__place", "book__round", "place__parent__parent")[:MOST_BOOKS]
    found = [one for one in bags if short_code_of(one.book_id, scanned) == code]
    return _foreign(found[0], here, at) if len(found) == 1 else None


def _typed(scanned: str) -> str:
    text = plain_code(scanned)
    return (
        text[len(PREFIX) : len(PREFIX) + LENGTH] if text.startswith(PREFIX) and len(text) > LENGTH else text
    )


def _refuse(row: Round, scanned: str, at: datetime) -> Parcel:
    if not check_code(_typed(scanned)):
        raise InputError(
            say("This is no label of ours, or a sign is wrong."),
            remedy=say("Scan again, or type the eight signs that stand under the square."),
        )
    if other := foreign_label(scanned, at, here=row.place, but=row.book_id):
        raise other
    if short_code_of(row.book_id, scanned) in _printed(row):
        raise InputError(
            say("This label is of this round, but its bag was not packed."),
            remedy=say("Set it aside and ask the supplier: it must be packed in the books before it counts."),
        )
    raise InputError(
        say("This label does not belong to this round."),
        remedy=say("Set it aside and call the liaison: it may belong to another compound."),
    )


def _foreign(parcel: Parcel, here: Place | None, at: datetime) -> ForeignLabel:
    book = parcel.book
    if here is not None and book.place_id == here.pk:
        return ForeignLabel(
            parcel,
            say("This bag is of another round: “{title}”.", title=book.title),
            remedy=say("Put it beside that round's bags; its liaison is told."),
        )
    who = next((one for one in contacts_of_door(book.path, at=at) if one.role.pk == "liaison"), None)
    what = say("This bag is for {place}, not for here.", place=book.place.name)
    if who is None:
        remedy = say("Set it aside and call the hotline: nobody is named as liaison there.")
    else:
        remedy = say("Set it aside: its liaison, {name}, is told, and has it fetched.", name=who.name)
    return ForeignLabel(parcel, what, remedy=remedy)


def _printed(row: Round) -> set[str]:
    """Return the label codes of households that are promised something in a round."""
    owners = Account.objects.filter(book=row.book_id, kind=AccountKind.OWED, owner__isnull=False).values_list(
        "owner", flat=True
    )
    homes: list[UUID] = [one for one in owners if one is not None]
    return {code.short for code in codes_for(row.book_id, homes).values()}
