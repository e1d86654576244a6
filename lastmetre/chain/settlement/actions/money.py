"""Refunds, allowances, gifts, carries and write-offs: above a limit two people, and only ever reversed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Book
from lastmetre.chain.ledger.rules import UNMET, AccountKind, Amount, Cause, Spot, moved
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import NoticeKind
from lastmetre.chain.settlement.actions.booking import (
    SALES,
    balance,
    carried_by,
    carried_of,
    due_fen,
    due_from,
    given_fen,
    given_for,
    household_of,
    is_own_household,
    locked_book,
    received_by,
    undo,
)
from lastmetre.chain.settlement.models import Decision, Fund
from lastmetre.chain.settlement.queries.bills import bill_fen, credit_brought, decided_fen, paid_fen
from lastmetre.chain.settlement.queries.statements import coming_fen
from lastmetre.chain.settlement.rules import (
    GIVEN_AWAY,
    DecisionKind,
    DecisionState,
    Permission,
    check_amount,
    check_decision_move,
    check_second,
    needs_second,
    yuan,
)
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

DECISION = "settlement.decision"
CAUSES: dict[DecisionKind, Cause] = {
    DecisionKind.REFUND: Cause.REFUNDED,
    DecisionKind.FREE: Cause.DONATED,
    DecisionKind.RETURN: Cause.REFUNDED,
    DecisionKind.CARRY: Cause.CARRIED,
    DecisionKind.WRITE_OFF: Cause.WRITTEN_OFF,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to decide about a household's money."""

    kind: DecisionKind
    amount_fen: int
    why: str = ""
    cause: Cause | None = None
    """Of an allowance: one of `ledger.rules.UNMET`."""
    fund: UUID | None = None
    id: UUID | None = None


def decide(row: Round, household: Household, wanted: Wanted, *, by: Actor, at: datetime) -> Decision:
    """Decide about a household's money; above the limits it waits for a second person.

    Twice with one id is one decision. Raises InputError where it does not fit what is due.
    """
    by.must(Permission.CONFIRM, path=household.path)
    _check_wanted(wanted, household, by)
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        home = household_of(book, household.pk)
        if wanted.id is not None and (known := Decision.objects.filter(pk=wanted.id, household=home).first()):
            return known
        fund = _locked_fund(wanted.fund, book) if wanted.fund else None
        _check_fits(book, home, wanted, fund)
        alone_before = _alone(book, home.pk, by.key)
        waits = needs_second(
            wanted.kind,
            abs(wanted.amount_fen),
            household_alone_fen=alone_before[0],
            person_alone_fen=alone_before[1],
        )
        made = Decision(
            id=wanted.id or new_id(),
            response=response_for(home.path),
            place=home.place,
            path=home.path,
            book=book,
            household=home,
            kind=wanted.kind,
            amount_fen=wanted.amount_fen,
            cause=wanted.cause or "",
            fund=fund,
            why=wanted.why.strip()[:200],
            state=DecisionState.PROPOSED if waits else DecisionState.IN_FORCE,
            is_alone=not waits,
            proposed_at=at,
            proposed_by=by.key,
            decided_at=None if waits else at,
            decided_by="" if waits else by.key,
        )
        made.save(force_insert=True)
        record(
            "propose",
            DECISION,
            made.pk,
            by=by,
            at=at,
            path=home.path,
            of=wanted.kind.value,
            fen=made.amount_fen,
        )
        if not waits:
            _book(book, made, row, by=by, at=at)
    return made


def approve(decision: Decision, *, by: Actor, at: datetime) -> Decision:
    """Agree as the second person: what was proposed happens now. Raises InputError for its proposer."""
    by.must(Permission.CLOSE, path=decision.path)
    with acting_as(SYSTEM):
        book = locked_book(decision.book_id)
        held = _locked(decision)
        if held.state == DecisionState.IN_FORCE:
            return held
        check_decision_move(DecisionState(held.state), DecisionState.IN_FORCE)
        check_second(held.proposed_by, by.key)
        _check_not_own(held.household, by)
        fund = _locked_fund(held.fund_id, book) if held.fund_id else None
        again = Wanted(DecisionKind(held.kind), held.amount_fen, held.why or "", fund=held.fund_id)
        _check_fits(book, held.household, again, fund)
        held.state, held.decided_at, held.decided_by = DecisionState.IN_FORCE, at, by.key
        held.save(update_fields=["state", "decided_at", "decided_by"])
        _book(book, held, Round.objects.get(book=book), by=by, at=at)
        record("approve", DECISION, held.pk, by=by, at=at, path=held.path, of=held.kind, fen=held.amount_fen)
    return held


def refuse(decision: Decision, *, by: Actor, at: datetime) -> Decision:
    """Say no as the second person, or take one's own proposal back; nothing was booked."""
    if decision.proposed_by != by.key:
        by.must(Permission.CLOSE, path=decision.path)
    with acting_as(SYSTEM):
        held = _locked(decision)
        if held.state == DecisionState.REFUSED:
            return held
        check_decision_move(DecisionState(held.state), DecisionState.REFUSED)
        held.state, held.decided_at, held.decided_by = DecisionState.REFUSED, at, by.key
        held.is_alone = held.proposed_by == by.key
        held.save(update_fields=["state", "decided_at", "decided_by", "is_alone"])
        record("refuse", DECISION, held.pk, by=by, at=at, path=held.path, of=held.kind)
    return held


def reverse(decision: Decision, *, by: Actor, at: datetime) -> Decision:
    """Undo a decision by its opposite; what the next round has counted already stays."""
    by.must(Permission.CONFIRM, path=decision.path)
    with acting_as(SYSTEM):
        book = locked_book(decision.book_id)
        held = _locked(decision)
        if held.state == DecisionState.REVERSED:
            return held
        check_decision_move(DecisionState(held.state), DecisionState.REVERSED)
        if held.taken_over_id is not None:
            raise InputError(
                say("The next round has counted this already."), remedy=say("Decide about it in that round.")
            )
        undo(book, [held.pk], by=by, at=at)
        sign = {DecisionKind.FREE: -1, DecisionKind.RETURN: 1}.get(DecisionKind(held.kind), 0)
        if sign:
            Fund.objects.filter(pk=held.fund_id).update(spent_fen=F("spent_fen") + sign * held.amount_fen)
        held.state, held.reversed_at, held.reversed_by = DecisionState.REVERSED, at, by.key
        held.save(update_fields=["state", "reversed_at", "reversed_by"])
        record("reversed", DECISION, held.pk, by=by, at=at, path=held.path, of=held.kind)
    return held


def refund(
    row: Round,
    household: Household,
    fen: int,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    id: UUID | None = None,
) -> Decision:
    """Hand back what a household has paid too much."""
    return decide(row, household, Wanted(DecisionKind.REFUND, fen, why, id=id), by=by, at=at)


def donate(
    row: Round,
    household: Household,
    fen: int,
    *,
    fund: UUID,
    by: Actor,
    at: datetime,
    why: str = "",
    id: UUID | None = None,
) -> Decision:
    """Let a fund pay for a household (QZ7)."""
    return decide(row, household, Wanted(DecisionKind.FREE, fen, why, fund=fund, id=id), by=by, at=at)


def carry(row: Round, household: Household, *, by: Actor, at: datetime, id: UUID | None = None) -> Decision:
    """Take all that a household is owed, or owes, to its next round with the supplier."""
    with acting_as(SYSTEM):
        fen = due_fen(row.book, household.pk)
    return decide(row, household, Wanted(DecisionKind.CARRY, fen, id=id), by=by, at=at)


def write_off(
    row: Round, household: Household, fen: int, *, why: str, by: Actor, at: datetime, id: UUID | None = None
) -> Decision:
    """Say that nobody will pay this; the supplier bears it."""
    return decide(row, household, Wanted(DecisionKind.WRITE_OFF, fen, why, id=id), by=by, at=at)


# Checks


def _check_wanted(wanted: Wanted, household: Household, by: Actor) -> None:
    if wanted.kind is not DecisionKind.CARRY or wanted.amount_fen > 0:
        check_amount(abs(wanted.amount_fen) if wanted.kind is DecisionKind.CARRY else wanted.amount_fen)
    if wanted.kind is DecisionKind.ALLOWANCE and wanted.cause not in UNMET:
        raise InputError(
            say("Why is it taken off the bill?"),
            remedy=say("Choose: short, missing, damaged, spoiled, refused."),
        )
    if wanted.kind is DecisionKind.WRITE_OFF and not wanted.why.strip():
        raise InputError(say("Say why nobody will pay."), remedy=say("A few words are enough."))
    if (wanted.kind in (DecisionKind.FREE, DecisionKind.RETURN)) != (wanted.fund is not None):
        raise InputError(say("Which fund pays?"), remedy=say("Choose a fund, or open one first."))
    if wanted.kind in GIVEN_AWAY:
        _check_not_own(household, by)


def _check_not_own(household: Household, by: Actor) -> None:
    if is_own_household(household, by):
        raise InputError(
            say("Nobody decides about money of their own."),
            remedy=say("Ask your liaison, or a second person."),
        )


def _check_fits(book: Book, home: Household, wanted: Wanted, fund: Fund | None) -> None:
    by_fund = wanted.kind in (DecisionKind.FREE, DecisionKind.RETURN)
    due = given_fen(book, home.pk) if by_fund else due_fen(book, home.pk)
    fen = wanted.amount_fen
    match wanted.kind:
        case DecisionKind.REFUND | DecisionKind.RETURN:
            given = decided_fen(book, home.pk)
            most = -due
            if wanted.kind is DecisionKind.REFUND:  # nobody gets back what nobody paid
                brought = paid_fen(book, home.pk) + credit_brought(book, home.pk)
                most = min(most, brought - given.get(DecisionKind.REFUND, 0))
            else:
                most = min(most, given.get(DecisionKind.FREE, 0) - given.get(DecisionKind.RETURN, 0))
            _check_most(fen, most, say("It is owed {fen} yuan, no more.", fen=yuan(max(most, 0))))
        case DecisionKind.ALLOWANCE:
            # What is on its way is taken off where its bag ends: an allowance for it would take it off twice.
            most = bill_fen(book, home.pk) - coming_fen(Round.objects.get(book=book), home)
            if fen > most:
                raise InputError(
                    say("Goods for {fen} yuan have been delivered, no more.", fen=yuan(max(most, 0))),
                    remedy=say(
                        "What is still on its way is taken off by itself when its bag ends: damaged, missing, or not"
                        " fetched at the point."
                    ),
                )
        case DecisionKind.FREE | DecisionKind.WRITE_OFF:
            _check_most(fen, due, say("It has {fen} yuan to pay, no more.", fen=yuan(max(due, 0))))
            if fund is not None:
                left = fund.left_fen
                _check_most(fen, left, say("The fund has {fen} yuan left.", fen=yuan(left)))
        case DecisionKind.CARRY:
            if fen != due or fen == 0:
                raise InputError(
                    say("Nothing is open here, or it has changed meanwhile."),
                    remedy=say("Look at the household's account as it is now."),
                )
            if fen < 0 and balance(book, AccountKind.RECEIVED, book.supplier_id) < -fen:
                raise InputError(
                    say("The supplier does not hold this money."),
                    remedy=say("Pay it back in cash, or return it to the fund that had paid."),
                )


def _check_most(fen: int, most: int, what: Sentence) -> None:
    if fen > most:
        raise InputError(what, remedy=say("Write that much or less."))


def _alone(book: Book, household: UUID, person: str) -> tuple[int, int]:
    """Return what was given away by one person alone so far: to the household, and by this person in all."""
    rows = Decision.objects.filter(
        book=book, kind__in=GIVEN_AWAY, is_alone=True, state=DecisionState.IN_FORCE
    )
    home = rows.filter(household=household).aggregate(total=Sum("amount_fen"))["total"] or 0
    mine = rows.filter(proposed_by=person).aggregate(total=Sum("amount_fen"))["total"] or 0
    return home, mine


def _locked(decision: Decision) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",)).select_related("household__place", "fund")
    held: Decision = rows.get(pk=decision.pk)
    return held


def _locked_fund(pk: UUID | None, book: Book) -> Fund:
    fund = Fund.objects.select_for_update().filter(pk=pk, path__above=book.path, ended_at=None).first()
    if fund is None:
        raise InputError(
            say("This fund is not for this compound, or has ended."), remedy=say("Choose another fund.")
        )
    return fund


# What happens


def _book(book: Book, made: Decision, row: Round, *, by: Actor, at: datetime) -> None:
    kind, fen, home = DecisionKind(made.kind), made.amount_fen, made.household
    cause = Cause(made.cause) if kind is DecisionKind.ALLOWANCE else CAUSES[kind]
    for index, lines in enumerate(_lines(book, made)):
        # The first posting has the decision's own id: however often it is sent, it counts once.
        post(book, lines, cause=cause, by=by, at=at, id=made.pk if index == 0 else None, thing=made.pk)
    if kind is DecisionKind.FREE:
        Fund.objects.filter(pk=made.fund_id).update(spent_fen=F("spent_fen") + fen)
    if kind is DecisionKind.RETURN:
        Fund.objects.filter(pk=made.fund_id).update(spent_fen=F("spent_fen") - fen)
    told = _told(kind, fen)
    if told is not None:
        notify(NoticeKind.REFUNDED, sentence=told, places=[home.place], by=by, at=at, row=row)


def _lines(book: Book, made: Decision) -> list[tuple[Amount, ...]]:
    due, fen = due_from(made.household), made.amount_fen
    match DecisionKind(made.kind):
        case DecisionKind.REFUND:
            cash = balance(book, AccountKind.RECEIVED, None)
            source = received_by(
                book, in_cash=balance(book, AccountKind.RECEIVED, book.supplier_id) < fen <= cash
            )
            return [moved(source, due, fen)]
        case DecisionKind.ALLOWANCE:
            return [moved(due, SALES, fen)]
        case DecisionKind.FREE:
            return [moved(given_for(book, made.household), Spot(AccountKind.FUND, made.fund_id), fen)]
        case DecisionKind.RETURN:
            return [moved(Spot(AccountKind.FUND, made.fund_id), given_for(book, made.household), fen)]
        case DecisionKind.WRITE_OFF:
            return [moved(due, Spot(AccountKind.WRITTEN_OFF), fen)]
        case DecisionKind.CARRY:
            # A credit leaves its money with the payee; a debt leaves the supplier waiting for it.
            other = (
                moved(received_by(book), carried_by(book), -fen)
                if fen < 0
                else moved(carried_by(book), SALES, fen)
            )
            return [moved(due, carried_of(made.household), fen), other]


def _told(kind: DecisionKind, fen: int) -> Sentence | None:
    match kind:
        case DecisionKind.REFUND:
            return say("{yuan} yuan were paid back to you.", yuan=yuan(fen))
        case DecisionKind.ALLOWANCE:
            return say("{yuan} yuan were taken off your bill.", yuan=yuan(fen))
        case DecisionKind.FREE:
            return say("{yuan} yuan of your bill were paid by a fund.", yuan=yuan(fen))
        case DecisionKind.CARRY if fen < 0:
            return say("{yuan} yuan are credited to your next round.", yuan=yuan(-fen))
        case _:
            return None
