"""Funds that pay for households, from gift to door (QZ7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.booking import household_of
from lastmetre.chain.settlement.actions.money import Wanted, decide
from lastmetre.chain.settlement.models import Decision, Fund
from lastmetre.chain.settlement.rules import DecisionKind, DecisionState, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

FUND = "settlement.fund"
MOST_FEN = 100_000_000_000
"""A thousand million yuan: more is a slip of the keys."""


def open_fund(
    place: Place, *, name: str, donor: str, given_fen: int, by: Actor, at: datetime, id: UUID | None = None
) -> Fund:
    """Write down what was given, and by whom; it pays for households of the place and below."""
    by.must(Permission.CLOSE, path=place.path)
    if not name.strip() or not donor.strip():
        raise InputError(say("A fund has a name and a donor."), remedy=say("Fill in both."))
    if not 0 < given_fen <= MOST_FEN:
        raise InputError(say("How much was given?"), remedy=say("Write yuan, such as 5000."))
    with acting_as(SYSTEM):
        if id is not None and (known := Fund.objects.filter(pk=id).first()):
            return known
        row = Fund(
            id=id or new_id(),
            response=response_for(place.path),
            place=place,
            path=place.path,
            name=name.strip()[:60],
            donor=donor.strip()[:80],
            given_fen=given_fen,
            opened_at=at,
            opened_by=by.key,
        )
        row.save(force_insert=True)
        record("add", FUND, row.pk, by=by, at=at, path=place.path, fen=given_fen)
    return row


def end_fund(fund: Fund, *, by: Actor, at: datetime) -> None:
    """Take a fund out of use; what it has paid stays."""
    by.must(Permission.CLOSE, path=fund.path)
    with acting_as(SYSTEM):
        held = Fund.objects.select_for_update().get(pk=fund.pk)
        if held.ended_at is None:
            held.ended_at, held.ended_by = at, by.key
            held.save(update_fields=["ended_at", "ended_by"])
            record("end", FUND, held.pk, by=by, at=at, path=held.path)


def donate_round(row: Round, *, fund: UUID, by: Actor, at: datetime) -> list[Decision]:
    """Let a fund pay whatever is still open in a round (free packages); what it proposed before is not asked twice."""
    by.must(Permission.CLOSE, path=row.path)
    with acting_as(SYSTEM):
        waiting = set(
            Decision.objects.filter(
                book=row.book_id, kind=DecisionKind.FREE, state=DecisionState.PROPOSED
            ).values_list("household", flat=True)
        )
        kind = AccountKind.PLEDGED if row.book.fund_pays else AccountKind.DUE
        owing = {
            held.owner: held.amount
            for held in balances(row.book, kind)
            if held.owner and held.amount > 0 and held.owner not in waiting
        }
        homes = [(household_of(row.book, home), fen) for home, fen in sorted(owing.items())]
    wanted = [(home, Wanted(DecisionKind.FREE, fen, fund=fund)) for home, fen in homes]
    return [decide(row, home, one, by=by, at=at) for home, one in wanted]
