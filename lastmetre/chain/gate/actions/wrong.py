"""What is wrong at the gate: damaged with a picture, missing until somebody says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext

from lastmetre.chain.gate.actions.counting import COMES_FROM, count_in
from lastmetre.chain.gate.actions.receiving import locked, miss, missing_case
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.rules import Permission
from lastmetre.chain.ledger.actions.cases import open_case, settle_case
from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.actions.photos import keep_photo
from lastmetre.chain.ledger.models import Case, Handover, Parcel
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Cause, ParcelKind, PhotoKind
from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def damage(
    arrival: Arrival,
    bag: UUID,
    *,
    contents: Mapping[UUID, int] | None = None,
    words: str = "",
    picture: bytes = b"",
    id: UUID,
    by: Actor,
    at: datetime,
) -> Case:
    """Write down that a bag came damaged: those of its `contents` (thousandths of a unit), or all of it.

    It is taken off the household's promise and bill at once, and a case asks somebody to replace or settle it;
    what is whole goes on. The picture is sealed. Twice with one id is one. Raises InputError where the bag is
    not at the gate, or has not so much in it.
    """
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        parcel = _bag(held, bag)
        if not Handover.objects.filter(pk=id).exists():
            if parcel.account.kind in COMES_FROM and parcel.ended_at is None:
                count_in(held, [parcel], by=by, at=at)
            _check_at_gate(Parcel.objects.select_related("account").get(pk=bag))
            _check_names_something(contents)
            lose(bag, cause=Cause.DAMAGED, contents=contents, by=by, at=at, id=id)
        case = open_case(
            book=held.round.book,
            kind=CaseKind.DAMAGED,
            parcel=parcel,
            words=words,
            id=uuid5(id, "case"),
            by=by,
            at=at,
        )
        if picture:
            keep_photo(
                picture,
                kind=PhotoKind.DAMAGED,
                thing=case.pk,
                place=case.place,
                id=uuid5(id, "picture"),
                by=by,
                at=at,
            )
    return case


def report_missing(arrival: Arrival, bag: UUID, *, by: Actor, at: datetime) -> Case:
    """Write down that a bag is not there although the books have it at the gate: its box was counted, not it."""
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        parcel = _bag(held, bag)
        if parcel.ended_at is not None or parcel.account.kind not in (AccountKind.GATE, *COMES_FROM):
            raise InputError(
                say("Bag {code} is not at the gate.", code=parcel.code),
                remedy=say("Look up where it is, and who has it."),
            )
        miss(held, parcel, by=by, at=at)
        return Case.objects.get(pk=missing_case(parcel.pk))


def settle_missing(case: Case, *, is_found: bool, by: Actor, at: datetime) -> Case:
    """Say what became of a bag that was missing: found, and it is at the gate; or lost, and taken off the bill.

    A case that is settled stays as it is. Raises InputError for a case of something else.
    """
    by.must(Permission.RECEIVE if is_found else Ledger.CASES, path=case.path)
    with acting_as(SYSTEM):
        held = Case.objects.select_for_update(of=("self",)).select_related("parcel__account").get(pk=case.pk)
        if held.settled_at is not None:
            return held
        bag = held.parcel
        if bag is None or held.kind != CaseKind.MISSING:
            raise InputError(
                say("This case is of something else."), remedy=say("Settle it in words, on its page.")
            )
        if bag.ended_at is None and is_found and bag.account.kind in COMES_FROM:
            count_in(_arrival_of(bag), [bag], by=by, at=at)
            held.refresh_from_db()
        elif bag.ended_at is None and not is_found:
            lose(bag.pk, cause=Cause.MISSING, by=by, at=at, id=uuid5(held.pk, "lost"))
        if held.settled_at is None:
            found = say("Found.") if is_found else say("Not found: taken off the bill.")
            who = by if by.may(Ledger.CASES, path=held.path) else SYSTEM
            settle_case(held, outcome=found.text(gettext), by=who, at=at)
    return held


def _arrival_of(bag: Parcel) -> Arrival:
    """Return the arrival with which a bag should have come, or the last one of its round; locked."""
    rows = Arrival.objects.filter(round__book=bag.book_id).order_by("-received_at")
    found = rows.filter(load=bag.account.owner).first() or rows.first()
    if found is None:
        raise InputError(
            say("Nothing of this round has been taken in at the gate."), remedy=say("Take it in first.")
        )
    return locked(found)


def _bag(arrival: Arrival, bag: UUID) -> Parcel:
    rows = Parcel.objects.filter(book=arrival.round.book_id, kind=ParcelKind.BAG)
    found = rows.select_related("account", "household__place", "place").filter(pk=bag).first()
    if found is None:
        raise InputError(
            say("This label does not belong to this round."),
            remedy=say("Set it aside and call the liaison: it may belong to another compound."),
        )
    return found


def _check_at_gate(bag: Parcel) -> None:
    if bag.ended_at is not None or bag.account.kind != AccountKind.GATE:
        raise InputError(
            say("Bag {code} is not at the gate.", code=bag.code),
            remedy=say("Look up where it is, and who has it."),
        )


def _check_names_something(contents: Mapping[UUID, int] | None) -> None:
    if contents is not None and not any(contents.values()):
        raise InputError(
            say("Nothing of it is damaged, as you say."),
            remedy=say("Write how much is damaged, or say that all of it is."),
        )
