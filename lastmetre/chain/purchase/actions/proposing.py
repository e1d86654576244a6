"""Another good in place of one that is short: the supplier proposes, the liaison decides (YX7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.allocation.actions.shortening import replace_item
from lastmetre.chain.purchase.actions.ordering import ORDER, locked
from lastmetre.chain.purchase.actions.supplying import check_may_supply
from lastmetre.chain.purchase.models import Proposal, PurchaseLine
from lastmetre.chain.purchase.queries.orders import wanted_of
from lastmetre.chain.purchase.rules import OrderState, Permission, ProposalState, check_open
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def propose_substitute(
    line: PurchaseLine, *, substitute: UUID, quantity: Decimal, by: Actor, at: datetime
) -> Proposal:
    """Offer another good of the round for what is short; one proposal a line waits at a time.

    Raises InputError where the good is not short, the other is not of this round, or the quantity is none.
    """
    check_may_supply(line.order, by=by)
    with acting_as(SYSTEM):
        order = locked(line.order)
        check_open(OrderState(order.state))
        held = PurchaseLine.objects.select_related("item__product").get(pk=line.pk)
        item = order.round.items.select_related("product").filter(pk=substitute).first()
        if item is None or item.pk == held.item_id:
            raise InputError(
                say("Only another good of this round can stand in."), remedy=say("Choose one from the list.")
            )
        missing = held.wanted - wanted_of(order.round).get(held.item.product_id, Decimal(0))
        if not quantity.is_finite() or not 0 < quantity <= missing or quantity % item.product.step:
            raise InputError(
                say(
                    "{name}: {missing} are short.",
                    name=held.item.product.name,
                    missing=f"{missing.normalize() + 0:f}",
                ),
                remedy=say("Mark it short first, then propose as many as are short, or fewer."),
            )
        waiting = held.proposals.filter(state=ProposalState.PROPOSED).first()
        if waiting is not None:
            if waiting.substitute_id == item.pk and waiting.quantity == quantity:
                return waiting
            raise InputError(
                say("A proposal for this good waits for the liaison."),
                remedy=say("Ring the liaison to decide."),
            )
        row = Proposal(
            order=order,
            line=held,
            substitute=item,
            quantity=quantity,
            proposed_at=at,
            proposed_by=by.key,
        )
        row.save(force_insert=True)
        record("propose", ORDER, order.pk, by=by, at=at, path=order.path, good=item.code)
    return row


def decide(
    proposal: Proposal, *, accept: bool, only_allowed: bool = True, by: Actor, at: datetime
) -> Proposal:
    """Take or refuse what a supplier proposed: for those who named it as their substitute, or for all who are short.

    Decided twice, the first decision stands.
    """
    by.must(Permission.ORDER, path=proposal.order.path)
    with acting_as(SYSTEM):
        order = locked(proposal.order)
        held = Proposal.objects.select_related("line__item", "substitute").get(pk=proposal.pk)
        if held.state != ProposalState.PROPOSED:
            return held
        if accept:
            check_open(OrderState(order.state))
            given = replace_item(
                order.round,
                held.line.item,
                held.substitute,
                held.quantity,
                only_allowed=only_allowed,
                by=by,
                at=at,
            )
            _order_more(held, given)
        held.state = ProposalState.ACCEPTED if accept else ProposalState.REFUSED
        held.decided_at, held.decided_by = at, by.key
        held.save(update_fields=["state", "decided_at", "decided_by"])
        verb = "approve" if accept else "refuse"
        record(verb, ORDER, order.pk, by=by, at=at, path=order.path, good=held.substitute.code)
    return held


def _order_more(proposal: Proposal, given: Decimal) -> None:
    """Add what is taken instead to the order's own line of that good."""
    if not given:
        return
    item = proposal.substitute
    line = PurchaseLine.objects.filter(order=proposal.order_id, item=item).first()
    if line is None:
        PurchaseLine(
            order_id=proposal.order_id,
            item=item,
            quantity=given,
            wanted=given,
            confirmed=given,
            asked_fen=item.price_fen,
            agreed_fen=item.price_fen,
        ).save(force_insert=True)
        return
    line.wanted += given
    line.quantity = max(line.quantity, line.wanted)
    if line.confirmed is not None:
        line.confirmed += given
    line.save(update_fields=["wanted", "quantity", "confirmed"])
