"""What the pages of settlement share: the frame of a round, the id of a form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState
from lastmetre.chain.settlement.queries.found import sees_money
from lastmetre.chain.settlement.rules import Permission
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id


def frame(request: HttpRequest, row: Round) -> dict[str, Any]:
    """Return what every page of a round shows."""
    return {
        "row": row,
        "state": ROUND_WORDS[RoundState(row.state)],
        "is_closed": row.book.closed_at is not None,
        "sees_all": any(request.actor.may(one, path=row.path) for one in (Permission.CONFIRM, Ledger.READ)),
        "may_confirm": sees_money(request.actor, row, Permission.CONFIRM),
        "sees_money": sees_money(request.actor, row),
        "may_close": may_close(request.actor, row),
        "is_supplier": row.supplier_id in request.actor.organisations,
        "id": new_id(),
    }


def may_close(actor: Actor, row: Round) -> bool:
    """Tell whether somebody closes this round's books, and may be the second person."""
    return actor.may(Permission.CLOSE, path=row.path)


def form_id(request: HttpRequest) -> UUID | None:
    """Return the id that the page made for this form."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return None
