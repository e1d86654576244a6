"""Cases: what a person has to settle before the books close."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.models import Book, Case, Parcel
from lastmetre.chain.ledger.rules import CaseKind, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

CASE = "ledger.case"


def open_case(
    *,
    book: Book,
    kind: CaseKind,
    by: Actor,
    at: datetime,
    parcel: Parcel | None = None,
    household: Household | None = None,
    product: UUID | None = None,
    amount: int | None = None,
    words: str = "",
    id: UUID | None = None,
) -> Case:
    """Open a case; twice with one id is one case. Its place is the household's door, or the compound."""
    with acting_as(SYSTEM):
        if id is not None and (known := Case.objects.filter(pk=id).first()):
            return known
        home = household or (parcel.household if parcel else None)
        place = home.place if home else book.place
        row = Case(
            id=id or new_id(),
            response=response_for(place.path),
            place=place,
            path=place.path,
            book=book,
            kind=kind,
            parcel=parcel,
            household=home,
            product_id=product,
            amount=amount,
            words=words.strip()[:500],
            opened_at=at,
            opened_by=by.key,
        )
        row.save(force_insert=True)
        record("opened", CASE, row.pk, by=by, at=at, path=place.path, of=kind.value)
    return row


def settle_case(case: Case, *, outcome: str, by: Actor, at: datetime) -> None:
    """Settle a case in words; raises InputError without words, Denied without the permission."""
    by.must(Permission.CASES, path=case.path)
    if not outcome.strip():
        raise InputError(
            say("Say how it was settled."), remedy=say("Two words are enough: replaced, refunded, found.")
        )
    close_case(case, outcome=outcome, by=by, at=at)


def close_case(case: Case, *, outcome: str, by: Actor, at: datetime) -> None:
    """Settle a case by what has happened since. A settled one stays; the caller has checked `by`."""
    if case.settled_at is not None:
        return
    with acting_as(SYSTEM):
        case.settled_at, case.settled_by, case.outcome = at, by.key, outcome.strip()[:500]
        case.save(update_fields=["settled_at", "settled_by", "outcome"])
        record("settled", CASE, case.pk, by=by, at=at, path=case.path, of=case.kind)


def reopen_case(case: Case, *, by: Actor, at: datetime) -> None:
    """Open a settled case again: what had settled it was a slip. An open one stays; the caller has checked `by`."""
    if case.settled_at is None:
        return
    with acting_as(SYSTEM):
        case.settled_at, case.settled_by, case.outcome = None, "", ""
        case.save(update_fields=["settled_at", "settled_by", "outcome"])
        record("opened", CASE, case.pk, by=by, at=at, path=case.path, of=case.kind)
