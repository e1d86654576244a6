"""Bags and boxes: by label, and their way from hand to hand."""

from __future__ import annotations

from uuid import UUID

from lastmetre.chain.ledger.models import Book, Handover, Parcel
from lastmetre.ground.protection.keys import keys
from lastmetre.papers.codes import PREFIX, BagCode, bag_codes, check_code, code_in_qr, plain_code, qr_id

_LABELS = "labels"


def codes_for(book: UUID, households: list[UUID]) -> dict[UUID, BagCode]:
    """Return the label codes of a book's bags, one a household; the same whenever they are asked for."""
    found = bag_codes(keys().derived(_LABELS), str(book), (str(one) for one in households))
    return {UUID(key): code for key, code in found.items()}


def qr_of(parcel: Parcel) -> str:
    """Return what a parcel's QR code holds: nothing personal, and nobody else can make it."""
    return qr_id(keys().derived(_LABELS), str(parcel.book_id), parcel.code)


def short_code_of(book: UUID, scanned: str) -> str | None:
    """Return the short code of a scanned or typed label of a book; None where it is none, or of another book."""
    text = plain_code(scanned)
    if text.startswith(PREFIX) and len(text) > len(PREFIX) + 8:
        return code_in_qr(keys().derived(_LABELS), str(book), text)
    return text if check_code(text) else None


def find_parcel(book: Book, scanned: str) -> Parcel | None:
    """Return the parcel of a scanned or typed label; None where it is not of this book."""
    code = short_code_of(book.pk, scanned)
    if code is None:
        return None
    return (
        Parcel.objects.filter(book=book, code=code)
        .select_related("account", "household__place__parent__parent")
        .prefetch_related("items__product")
        .first()
    )


def history(parcel: Parcel) -> list[Handover]:
    """Return the hand-overs of a parcel, first to last; one query."""
    return list(parcel.handovers.select_related("source", "target"))
