"""What the pages of settlement share: the frame of a round, a refused action said above the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState
from lastmetre.chain.settlement.queries.found import sees_money
from lastmetre.chain.settlement.rules import Permission
from lastmetre.ground.protection.actor import Actor, Denied
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError, Sentence


def frame(request: HttpRequest, row: Round) -> dict[str, Any]:
    """Return what every page of a round shows."""
    return {
        "row": row,
        "state": ROUND_WORDS[RoundState(row.state)],
        "is_closed": row.book.closed_at is not None,
        "sees_all": any(request.actor.may(one, path=row.path) for one in (Permission.CONFIRM, Ledger.READ)),
        "may_confirm": sees_money(request.actor, row, Permission.CONFIRM),
        "may_close": may_close(request.actor, row),
        "is_supplier": row.supplier_id in request.actor.organisations,
        "id": new_id(),
    }


def may_close(actor: Actor, row: Round) -> bool:
    """Tell whether somebody closes this round's books, and may be the second person."""
    return actor.may(Permission.CLOSE, path=row.path)


def tried(
    request: HttpRequest, do: Callable[[], Any], *, done: Sentence, to: str, pk: UUID, **kwargs: Any
) -> HttpResponse:
    """Do what a button asks for and go back; what is refused is said on the page, with what to do."""
    try:
        do()
    except Denied:
        raise
    except InputError as error:
        messages.error(request, error.text(gettext))
    else:
        messages.success(request, done.text(gettext))
    return redirect(to, pk=pk, **kwargs)


def form_id(request: HttpRequest) -> UUID | None:
    """Return the id that the page made for this form."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return None
