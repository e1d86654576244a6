"""Statements of the payment apps: each line counts once, and only where it is certain whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Book
from lastmetre.chain.ledger.rules import Cause, moved
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.settlement.actions.booking import due_from, household_of, locked_book, received_by
from lastmetre.chain.settlement.actions.payments import book_payment
from lastmetre.chain.settlement.models import Claim, Payment, StatementLine
from lastmetre.chain.settlement.queries.debtors import incoming, known_to, mark_of
from lastmetre.chain.settlement.rules import ClaimState, How, LineState, Permission, check_line_move
from lastmetre.chain.settlement.rules.matching import Ground, Verdict, match
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.reading.payment_statements import StatementReading, read_statement
from lastmetre.terms import InputError, Sentence, say

LINE = "settlement.line"
OPEN_STATES = tuple(
    one.value for one in RoundState if one not in (RoundState.DRAFT, RoundState.CLOSED, RoundState.CANCELLED)
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a statement brought."""

    new: int
    known: int
    """Lines that were there already: they count once."""
    counted: int
    """Lines that found their household now, new ones and those that had waited."""
    waiting: int
    """Lines that a person has to settle."""
    passed_over: int
    doubts: tuple[tuple[int, Sentence], ...] = ()


def import_statement(row: Round, path: Path, *, by: Actor, at: datetime) -> Imported:
    """Take a statement of the supplier's payment app in; the same file again has no effect.

    Lines are held against all open rounds of the supplier, so that no line is given to one compound's 101
    where another's has the same amount open; booked are those that the actor may confirm.
    """
    _must_confirm(row, by)
    reading = read_statement(path, timezone.get_current_timezone())
    with acting_as(SYSTEM):
        place = row.place if by.may(Permission.CONFIRM, path=row.path) else row.supplier.place
        new, known = _keep_lines(row.supplier, place, reading, by=by, at=at)
        counted = _match_again(row.supplier, by=by, at=at)
        waiting = StatementLine.objects.filter(supplier=row.supplier, state=LineState.OPEN)
        if not by.may(Permission.CONFIRM, organisation=row.supplier_id):
            waiting = waiting.filter(path__within=row.path)
        found = Imported(new, known, counted, waiting.count(), reading.passed_over, reading.doubts)
        record(
            *("import", "settlement.statement"),
            by=by,
            at=at,
            path=place.path,
            new=new,
            known=known,
            counted=counted,
        )
    return found


def match_again(row: Round, *, by: Actor, at: datetime) -> int:
    """Hold the lines that wait against what is owed and claimed now; returns how many found their household."""
    _must_confirm(row, by)
    with acting_as(SYSTEM):
        return _match_again(row.supplier, by=by, at=at)


def settle_line(
    line: StatementLine, row: Round, household: Household, *, by: Actor, at: datetime
) -> Payment | None:
    """Say whose a line is: it counts for this household. What was given back is taken off what it had paid."""
    by.must(Permission.CONFIRM, path=row.path)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        held = StatementLine.objects.select_for_update().get(pk=line.pk)
        if held.supplier_id != row.supplier_id:
            raise InputError(
                say("This line is another supplier's."), remedy=say("Choose a round of its supplier.")
            )
        home = household_of(book, household.pk)
        if held.state == LineState.COUNTED:
            return Payment.objects.filter(line=held, reversed_at=None).first()
        check_line_move(LineState(held.state), LineState.COUNTED)
        payment = _count(held, book, home, Ground.PERSON, None, by=by, at=at)
        record("settled", LINE, held.pk, by=by, at=at, path=home.path)
    line.refresh_from_db()
    return payment


def set_aside(line: StatementLine, *, why: str, by: Actor, at: datetime) -> None:
    """Say that a line is for no round, and why; it waits no more."""
    if not by.may(Permission.CONFIRM, organisation=line.supplier_id):
        by.must(Permission.CONFIRM, path=line.path)
    if not why.strip():
        raise InputError(say("Say what it is."), remedy=say("A few words: private, another shop's."))
    with acting_as(SYSTEM):
        held = StatementLine.objects.select_for_update().get(pk=line.pk)
        if held.state == LineState.SET_ASIDE:
            return
        check_line_move(LineState(held.state), LineState.SET_ASIDE)
        held.state, held.settled_at, held.settled_by = LineState.SET_ASIDE, at, by.key
        held.why = why.strip()[:200]
        held.save(update_fields=["state", "settled_at", "settled_by", "why"])
        record("put_aside", LINE, held.pk, by=by, at=at, path=held.path)
    line.refresh_from_db()


def _must_confirm(row: Round, by: Actor) -> None:
    by.must(Permission.CONFIRM, path=row.path, organisation=row.supplier_id)


def _keep_lines(
    supplier: Supplier, place: Place, reading: StatementReading, *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Write lines that are not there yet; what the app says was given back since is written down too."""
    digests = {mark_of(one.number): one for one in reading.rows}
    # Two people with the same file: the second waits here, and then finds all lines.
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
    held = {
        one.digest: one
        for one in StatementLine.objects.filter(supplier=supplier, app=reading.app, digest__in=digests)
    }
    response = response_for(place.path)
    made = [
        StatementLine(
            response=response,
            place=place,
            path=place.path,
            supplier=supplier,
            app=reading.app,
            digest=digest,
            number=one.number,
            payer=one.payer,
            note=one.note,
            amount_fen=one.amount_fen,
            refunded_fen=one.refunded_fen,
            paid_at=one.at,
            ground=Ground.NOTHING,
            first_seen_at=at,
            first_seen_by=by.key,
        )
        for digest, one in digests.items()
        if digest not in held
    ]
    StatementLine.objects.bulk_create(made)
    for digest, known in held.items():
        _keep_refund(known, digests[digest].refunded_fen)
        if known.state == LineState.OPEN and known.path != place.path and not known.candidates:
            known.place, known.path = place, place.path  # it lies where it was brought last
            known.save(update_fields=["place"])
    return len(made), len(held)


def _keep_refund(line: StatementLine, refunded_fen: int) -> None:
    if refunded_fen <= line.refunded_fen:
        return
    line.refunded_fen = refunded_fen
    if line.state == LineState.COUNTED:
        line.state, line.settled_at, line.settled_by = LineState.OPEN, None, ""
        line.ground = Ground.GIVEN_BACK
    line.save(update_fields=["refunded_fen", "state", "settled_at", "settled_by", "ground"])


def _match_again(supplier: Supplier, *, by: Actor, at: datetime) -> int:
    books = list(
        Book.objects.filter(supplier=supplier, closed_at=None, round__state__in=OPEN_STATES)
        .select_related("place")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    waiting = {
        line.pk: line
        for line in StatementLine.objects.select_for_update().filter(supplier=supplier, state=LineState.OPEN)
    }
    # What was counted and then given back is for a person, and so is what has a payment still.
    paid = set(Payment.objects.filter(line__in=waiting, reversed_at=None).values_list("line", flat=True))
    fresh = [line for pk, line in waiting.items() if pk not in paid]
    known = known_to(books)
    verdicts = match([incoming(line) for line in fresh], known.debtors, known.said)
    counted = 0
    for verdict in verdicts:
        line = waiting[verdict.line]
        book, owner = (
            known.account.get(verdict.household, (None, None)) if verdict.household else (None, None)
        )
        may = book is not None and by.may(Permission.CONFIRM, path=book.path, organisation=supplier.pk)
        if book is None or owner is None or not verdict.is_certain or not may:
            _doubt(line, verdict, known.account)
            continue
        home = household_of(book, owner)
        _count(line, book, home, verdict.ground, verdict, by=by, at=at)
        counted += 1
    return counted


def _doubt(line: StatementLine, verdict: Verdict, account: dict[UUID, tuple[Book, UUID]]) -> None:
    homes = [account[key] for key in verdict.candidates if key in account]
    line.candidates = list(dict.fromkeys(str(owner) for _, owner in homes))
    line.ground = verdict.ground if not verdict.is_certain else Ground.NOTHING
    paths = {book.path: book.place for book, _ in homes}
    fields = ["candidates", "ground"]
    if len(paths) == 1:  # who knows these households settles it
        line.place = next(iter(paths.values()))
        fields.append("place")
    line.save(update_fields=fields)


def _count(
    line: StatementLine,
    book: Book,
    home: Household,
    ground: Ground,
    verdict: Verdict | None,
    *,
    by: Actor,
    at: datetime,
) -> Payment | None:
    """Count a line for a household: as a payment, as one confirmed before, or as money given back."""
    kept = line.amount_fen - line.refunded_fen
    known = Payment.objects.filter(line=line, reversed_at=None).first()
    if known is not None:
        _give_back(known.amount_fen - kept, book, home, line, by=by, at=at)
        payment: Payment | None = known
    elif kept < 0:
        _give_back(-kept, book, home, line, by=by, at=at)
        payment = None
    elif kept == 0:
        payment = None
    elif ground is Ground.CONFIRMED and verdict is not None and verdict.said is not None:
        Payment.objects.filter(pk=verdict.said, line=None).update(line=line)
        payment = Payment.objects.get(pk=verdict.said)
    else:
        payment = _as_payment(line, book, home, kept, verdict, by=by, at=at)
    line.state, line.ground, line.book = LineState.COUNTED, ground, book
    line.settled_at, line.settled_by = at, by.key
    line.place = home.place
    line.candidates = []
    line.save(update_fields=["state", "ground", "book", "settled_at", "settled_by", "place", "candidates"])
    return payment


def _as_payment(
    line: StatementLine,
    book: Book,
    home: Household,
    fen: int,
    verdict: Verdict | None,
    *,
    by: Actor,
    at: datetime,
) -> Payment:
    claims = (
        Claim.objects.select_for_update()
        .filter(book=book, household=home)
        .exclude(state=ClaimState.CONFIRMED)
    )
    if verdict is not None:
        claim = claims.filter(pk=verdict.said).first()
    else:  # a person gave the line to this home: what it said to have paid is this
        claim = claims.filter(state=ClaimState.OPEN, amount_fen=fen).order_by("made_at").first()
    return book_payment(
        *(book, home, fen),
        how=How.STATEMENT,
        reference=line.number,
        paid_at=line.paid_at,
        claim=claim,
        line=line,
        by=by,
        at=at,
    )


def _give_back(
    fen: int, book: Book, home: Household, line: StatementLine, *, by: Actor, at: datetime
) -> None:
    """Book what the payer got back through the app: it is as if that part had not been paid."""
    if fen > 0:
        lines = moved(received_by(book), due_from(home), fen)
        post(book, lines, cause=Cause.REFUNDED, by=by, at=at, thing=line.pk)
