"""What a household's last round left to its next: credits and debts are counted in once."""

from __future__ import annotations

from datetime import datetime

from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Account
from lastmetre.chain.ledger.rules import AccountKind, Cause, moved
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.chain.settlement.actions.booking import (
    SALES,
    carried_by,
    carried_of,
    due_from,
    locked_book,
    received_by,
)
from lastmetre.chain.settlement.models import Decision
from lastmetre.chain.settlement.rules import DecisionKind, DecisionState
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as

COUNTS_IN = tuple(
    one.value
    for one in RoundState
    if one
    not in (RoundState.DRAFT, RoundState.OPEN, RoundState.CUT_OFF, RoundState.CLOSED, RoundState.CANCELLED)
)
"""A round counts credits in once its bills are made."""


def carry_in(row: Round, *, by: Actor, at: datetime) -> int:
    """Count what earlier rounds with the same supplier carried over, for households that have a bill here.

    Returns how many decisions it took over; each is taken over once.
    """
    with acting_as(SYSTEM):
        book = locked_book(row.book_id)
        if row.state not in COUNTS_IN:
            return 0
        billed = Account.objects.filter(book=book, kind=AccountKind.DUE).values("owner")
        waiting = list(
            Decision.objects.select_for_update(of=("self",))
            .select_related("household__place")
            .filter(
                kind=DecisionKind.CARRY,
                state=DecisionState.IN_FORCE,
                taken_over=None,
                book__supplier=book.supplier_id,
                household__in=billed,
                path__within=book.path,
            )
            .exclude(book=book)
        )
        for one in waiting:
            fen, home = one.amount_fen, one.household
            lines = [moved(carried_of(home), due_from(home), fen)]
            # A credit brings its money along; a debt is the supplier's claim again.
            lines.append(
                moved(carried_by(book), received_by(book), -fen)
                if fen < 0
                else moved(SALES, carried_by(book), fen)
            )
            for pair in lines:
                post(book, pair, cause=Cause.CARRIED, by=by, at=at, thing=one.pk)
            one.taken_over = book
        Decision.objects.bulk_update(waiting, ["taken_over"])
        if waiting:
            record("carried", "ledger.book", book.pk, by=by, at=at, path=book.path, count=len(waiting))
    return len(waiting)
