"""What is short is shared out again by the rule of the round."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from lastmetre.chain.allocation.actions.shortening import cut_item
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.orders.models import RoundItem
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.ground.protection.actor import Actor


def shorten(
    order: PurchaseOrder, item: RoundItem, available: Decimal, *, cause: Cause, by: Actor, at: datetime
) -> None:
    """Cut a good of an order to what there is."""
    cut_item(order.round, item.product, available, cause=cause, by=by, at=at)
