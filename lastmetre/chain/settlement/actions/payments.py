"""Claims, and payments confirmed: by eye, by a statement, in cash (FC2c, FC2d)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Book, Photo
from lastmetre.chain.ledger.rules import Cause, Spot, moved
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.booking import (
    due_from,
    household_of,
    is_own_household,
    locked_book,
    received_by,
    undo,
)
from lastmetre.chain.settlement.models import Claim, Payment, StatementLine
from lastmetre.chain.settlement.queries.bills import billed_fen, paid_fen
from lastmetre.chain.settlement.rules import (
    ClaimState,
    How,
    LineState,
    Permission,
    check_amount,
    check_claim_move,
    yuan,
)
from lastmetre.chain.settlement.rules.matching import Ground
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

CLAIM, PAYMENT = "settlement.claim", "settlement.payment"
MOST_OPEN = 5
"""Claims of one household that may wait at once."""
MOST_PHOTO_BYTES = 3_000_000
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a household says of its payment."""

    amount_fen: int
    reference: str = ""
    paid_at: datetime | None = None
    words: str = ""
    photo: bytes = b""
    id: UUID | None = None


def claim(row: Round, household: Household, claimed: Claimed, *, by: Actor, at: datetime) -> Claim:
    """Write down that a household says it has paid; no money moves. Twice with one id is one claim."""
    if not is_own_household(household, by):
        by.must(Permission.CONFIRM, path=household.path)
    check_amount(claimed.amount_fen)
    _check_photo(claimed.photo)
    if claimed.paid_at is not None and claimed.paid_at > at + timedelta(hours=1):
        raise InputError(say("The payment lies in the future."), remedy=say("Write when you paid."))
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        home = household_of(book, household.pk)
        if claimed.id is not None and (known := Claim.objects.filter(pk=claimed.id, household=home).first()):
            return known
        if Claim.objects.filter(book=book, household=home, state=ClaimState.OPEN).count() >= MOST_OPEN:
            raise InputError(
                say("{count} claims of yours wait already.", count=MOST_OPEN),
                remedy=say("Ring your liaison instead of sending more."),
            )
        made = Claim(
            id=claimed.id or new_id(),
            response=response_for(home.path),
            place=home.place,
            path=home.path,
            book=book,
            household=home,
            amount_fen=claimed.amount_fen,
            reference=_digits(claimed.reference),
            words=claimed.words.strip()[:200],
            paid_at=claimed.paid_at,
            made_at=at,
            made_by=by.key,
        )
        made.save(force_insert=True)
        if claimed.photo:
            _keep_photo(made, claimed.photo, by=by, at=at)
        record("claimed", CLAIM, made.pk, by=by, at=at, path=home.path, fen=made.amount_fen)
    return made


def confirm(
    claim: Claim, *, by: Actor, at: datetime, amount_fen: int | None = None, in_cash: bool = False
) -> Payment:
    """Confirm a claim by eye: the money counts from now on. A claim confirmed already answers its payment."""
    by.must(Permission.CONFIRM, path=claim.path)
    _check_not_own(claim.household, by)
    with acting_as(SYSTEM):
        book = locked_book(claim.book_id)
        held = Claim.objects.select_for_update().get(pk=claim.pk)
        known = Payment.objects.filter(claim=held, reversed_at=None).first()
        if known is not None:
            return known
        check_claim_move(ClaimState(held.state), ClaimState.CONFIRMED)
        fen = check_amount(held.amount_fen if amount_fen is None else amount_fen)
        how = How.CASH if in_cash else How.LIAISON
        _check_not_above_bill(book, held.household_id, fen)
        row = book_payment(
            book,
            held.household,
            fen,
            how=how,
            reference=held.reference,
            paid_at=held.paid_at,
            claim=held,
            by=by,
            at=at,
        )
    claim.refresh_from_db()
    return row


def refuse_claim(claim: Claim, *, why: str, by: Actor, at: datetime) -> None:
    """Say that no such payment was found; the household may claim again."""
    by.must(Permission.CONFIRM, path=claim.path)
    if not why.strip():
        raise InputError(
            say("Say why."), remedy=say("A few words: no such payment, a picture of another day.")
        )
    with acting_as(SYSTEM):
        held = Claim.objects.select_for_update().get(pk=claim.pk)
        if held.state == ClaimState.REFUSED:
            return
        check_claim_move(ClaimState(held.state), ClaimState.REFUSED)
        held.state, held.settled_at, held.settled_by = ClaimState.REFUSED, at, by.key
        held.why = why.strip()[:200]
        held.save(update_fields=["state", "settled_at", "settled_by", "why"])
        record("refuse", CLAIM, held.pk, by=by, at=at, path=held.path)
    claim.refresh_from_db()


def record_payment(
    row: Round,
    household: Household,
    amount_fen: int,
    *,
    how: How,
    by: Actor,
    at: datetime,
    reference: str = "",
    id: UUID | None = None,
) -> Payment:
    """Book a payment that nobody claimed: seen in the app, or cash in hand. Twice with one id counts once."""
    by.must(Permission.CONFIRM, path=household.path)
    _check_not_own(household, by)
    check_amount(amount_fen)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        home = household_of(book, household.pk)
        if id is not None and (known := Payment.objects.filter(pk=id, household=home).first()):
            return known
        _check_not_above_bill(book, home.pk, amount_fen)
        return book_payment(
            book, home, amount_fen, how=how, reference=_digits(reference), by=by, at=at, id=id
        )


def reverse_payment(payment: Payment, *, why: str, by: Actor, at: datetime) -> None:
    """Take a payment back by its opposite; its claim and its line wait for a person again."""
    by.must(Permission.CONFIRM, path=payment.path)
    if not why.strip():
        raise InputError(
            say("Say why."), remedy=say("A few words: the wrong household, the app took it back.")
        )
    with acting_as(SYSTEM):
        book = locked_book(payment.book_id)
        held = (
            Payment.objects.select_for_update(of=("self",)).select_related("claim", "line").get(pk=payment.pk)
        )
        if held.reversed_at is not None:
            return
        undo(book, [held.pk], by=by, at=at)
        held.reversed_at, held.reversed_by, held.why = at, by.key, why.strip()[:200]
        held.save(update_fields=["reversed_at", "reversed_by", "why"])
        if held.claim is not None:
            reopened = {"state": ClaimState.OPEN, "settled_at": None, "settled_by": ""}
            Claim.objects.filter(pk=held.claim_id).update(**reopened)
        if held.line is not None:
            opened = {"state": LineState.OPEN, "settled_at": None, "settled_by": "", "ground": Ground.NOTHING}
            StatementLine.objects.filter(pk=held.line_id).update(**opened)
        record("reversed", PAYMENT, held.pk, by=by, at=at, path=held.path, fen=held.amount_fen)
    payment.refresh_from_db()


def book_payment(
    book: Book,
    household: Household,
    amount_fen: int,
    *,
    how: How,
    by: Actor,
    at: datetime,
    reference: str = "",
    paid_at: datetime | None = None,
    claim: Claim | None = None,
    line: StatementLine | None = None,
    id: UUID | None = None,
) -> Payment:
    """Write a payment and post it; its caller has checked and locked. Within SYSTEM."""
    row = Payment(
        id=id or new_id(),
        response=response_for(household.path),
        place_id=household.place_id,
        path=household.path,
        book=book,
        household=household,
        amount_fen=amount_fen,
        how=how,
        reference=reference,
        claim=claim,
        line=line,
        paid_at=paid_at,
        confirmed_at=at,
        confirmed_by=by.key,
    )
    row.save(force_insert=True)
    spot: Spot = received_by(book, in_cash=how is How.CASH)
    post(
        book,
        moved(due_from(household), spot, amount_fen),
        cause=Cause.PAID,
        by=by,
        at=at,
        id=row.pk,
        thing=row.pk,
    )
    if claim is not None:
        claim.state, claim.settled_at, claim.settled_by = ClaimState.CONFIRMED, at, by.key
        claim.save(update_fields=["state", "settled_at", "settled_by"])
    record("confirmed", PAYMENT, row.pk, by=by, at=at, path=household.path, fen=amount_fen, how=how.value)
    return row


def hand_over_cash(row: Round, amount_fen: int, *, by: Actor, at: datetime, id: UUID | None = None) -> None:
    """Give the compound's cash to the supplier, who has confirmed it; raises NotEnough for more than there is."""
    by.must(Permission.CLOSE, path=row.path)
    check_amount(amount_fen)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        spots = received_by(book, in_cash=True), received_by(book)
        post(book, moved(*spots, amount_fen), cause=Cause.SETTLED, by=by, at=at, id=id, thing=row.pk)
        record("settled", "ledger.book", book.pk, by=by, at=at, path=book.path, fen=amount_fen)


def _check_not_above_bill(book: Book, household: UUID, fen: int) -> None:
    """By eye nobody confirms more than was ever billed; a statement may show more, and then it is a credit."""
    most = billed_fen(book, household) - paid_fen(book, household)
    if fen > most:
        raise InputError(
            say("{fen} yuan is more than this household was ever asked for.", fen=yuan(fen)),
            remedy=say(
                "Confirm {most} yuan at most; the supplier's statement may show more.",
                most=yuan(max(most, 0)),
            ),
        )


def _check_not_own(household: Household, by: Actor) -> None:
    if is_own_household(household, by):
        raise InputError(
            say("Nobody confirms a payment of their own."), remedy=say("Your liaison will look at it.")
        )


def _digits(reference: str) -> str:
    return "".join(sign for sign in reference if sign.isascii() and sign.isalnum())[-64:]


def _check_photo(photo: bytes) -> None:
    if not photo:
        return
    if len(photo) > MOST_PHOTO_BYTES:
        raise InputError(say("The picture is too large."), remedy=say("Send a screenshot, 3 MB at most."))
    if not photo.startswith(_PICTURES):
        raise InputError(say("This is no picture."), remedy=say("Send a screenshot as PNG or JPEG."))


def _keep_photo(claim: Claim, photo: bytes, *, by: Actor, at: datetime) -> None:
    Photo(
        response=claim.response,
        place_id=claim.place_id,
        path=claim.path,
        kind="paid",
        thing=claim.pk,
        image=base64.b64encode(photo).decode(),
        taken_at=at,
        taken_by=by.key,
    ).save(force_insert=True)
