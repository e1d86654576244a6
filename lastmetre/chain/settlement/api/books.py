"""The books of a round: what balances, the supplier's bill, closing."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions import closing, spare
from lastmetre.chain.settlement.actions.payments import hand_over_cash
from lastmetre.chain.settlement.api.schemas import (
    AmountIn,
    BillIn,
    BooksOut,
    CountOut,
    DifferenceOut,
    EndPromiseIn,
    FlowOut,
    HomeOut,
    SpareIn,
    WhyIn,
)
from lastmetre.chain.settlement.queries.differences import differences
from lastmetre.chain.settlement.queries.found import household_or_404, must_see_money, round_or_404
from lastmetre.chain.settlement.queries.statements import households_of, statement_of
from lastmetre.chain.settlement.rules import Permission

router = Router()


def books_of(row: Round) -> BooksOut:
    """Return a round's books."""
    found = differences(row)
    numbers = [one.name for one in fields(found.money) if one.name not in ("bill", "by_kind", "oldest_claim")]
    return BooksOut(
        balances=found.balances,
        goods=[FlowOut.of(one) for one in found.goods],
        money={name: getattr(found.money, name) for name in numbers},
        open=[DifferenceOut.of(one) for one in found.open],
    )


@router.get("/rounds/{pk}/books", response=BooksOut)
def get_books(request: HttpRequest, pk: UUID) -> Any:
    """What balances and what does not, with the next step."""
    row = round_or_404(pk)
    if not request.actor.may(Ledger.READ, path=row.path):
        request.actor.must(Permission.CONFIRM, path=row.path)
    return books_of(row)


@router.get("/rounds/{pk}/households", response=list[HomeOut])
def list_households(request: HttpRequest, pk: UUID) -> Any:
    """Each household's money, in the order of the doors."""
    row = round_or_404(pk)
    must_see_money(request.actor, row)
    return [HomeOut.of(one) for one in households_of(row)]


@router.get("/rounds/{pk}/households/{household}", response=dict[str, Any])
def get_statement(request: HttpRequest, pk: UUID, household: UUID) -> Any:
    """A household's statement: its own, or for whoever confirms its payments."""
    row = round_or_404(pk)
    home = household_or_404(row, household)
    if request.actor.key != str(home.pk):
        must_see_money(request.actor, row)
    found = statement_of(row, home)
    return {
        "bill_fen": found.bill_fen,
        "due_fen": found.due_fen,
        "goods": [
            {
                "product": str(one.product.pk),
                "name": one.product.name,
                "promised": one.promised,
                "got": one.got,
                "counted": one.counted,
                "price_fen": one.price_fen,
                "unmet": {cause.value: amount for cause, amount in one.unmet},
            }
            for one in found.goods
        ],
        "steps": [
            {"at": one.at, "cause": one.cause.value, "amount_fen": one.amount_fen} for one in found.steps
        ],
    }


@router.post("/rounds/{pk}/bill", response={204: None})
def state_bill(request: HttpRequest, pk: UUID, payload: BillIn) -> Any:
    """State what the supplier asks for."""
    closing.state_bill(
        round_or_404(pk), payload.amount_fen, why=payload.why, id=payload.id, by=request.actor, at=request.now
    )
    return Status(204, None)


@router.post("/rounds/{pk}/cash", response={204: None})
def cash(request: HttpRequest, pk: UUID, payload: AmountIn) -> Any:
    """Hand the compound's cash to the supplier."""
    hand_over_cash(round_or_404(pk), payload.amount_fen, id=payload.id, by=request.actor, at=request.now)
    return Status(204, None)


@router.post("/rounds/{pk}/settle", response=CountOut)
def settle(request: HttpRequest, pk: UUID) -> Any:
    """Settle with the supplier what came in; answers the fen."""
    return CountOut(count=closing.settle_supplier(round_or_404(pk), by=request.actor, at=request.now))


@router.post("/rounds/{pk}/failed", response=CountOut)
def failed(request: HttpRequest, pk: UUID, payload: WhyIn) -> Any:
    """The supplier has failed: end all that it has not handed over."""
    row = round_or_404(pk)
    count = closing.supplier_failed(row, why=payload.why, by=request.actor, at=request.now)
    return CountOut(count=count)


@router.post("/rounds/{pk}/close", response=BooksOut)
def close(request: HttpRequest, pk: UUID) -> Any:
    """Close the books, or be told what is open."""
    closing.close_round(round_or_404(pk), by=request.actor, at=request.now)
    return books_of(round_or_404(pk))


@router.post("/rounds/{pk}/promises/end", response={204: None})
def end_promise(request: HttpRequest, pk: UUID, payload: EndPromiseIn) -> Any:
    """End what a household was promised and will not get."""
    row = round_or_404(pk)
    home = household_or_404(row, payload.household)
    closing.end_promises(row, home, cause=payload.cause, by=request.actor, at=request.now)
    return Status(204, None)


@router.post("/rounds/{pk}/spare", response={204: None})
def take_spare(request: HttpRequest, pk: UUID, payload: SpareIn) -> Any:
    """Give spare goods away, write them down as spoiled, or send them back."""
    row = round_or_404(pk)
    write: dict[str, Any] = {"by": request.actor, "at": request.now, "id": payload.id}
    if payload.what == "give":
        home = household_or_404(row, payload.household or UUID(int=0))
        spare.give_spare(row, payload.product, payload.amount, home, **write)
    elif payload.what == "spoil":
        spare.spoil_spare(row, payload.product, payload.amount, **write)
    else:
        spare.return_spare(row, payload.product, payload.amount, **write)
    return Status(204, None)
