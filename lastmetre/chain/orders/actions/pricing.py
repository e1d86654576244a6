"""The price of a good of a round after it was ordered: the supplier may lower it."""

from __future__ import annotations

from datetime import datetime

from lastmetre.chain.orders.models import RoundItem
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as


def reprice(item: RoundItem, *, price_fen: int, by: Actor, at: datetime) -> None:
    """Make a good of a round cost something else; its caller has checked the price and changed the bills."""
    with acting_as(SYSTEM):
        held = RoundItem.objects.select_related("round").select_for_update(of=("self",)).get(pk=item.pk)
        before, held.price_fen = held.price_fen, price_fen
        held.save(update_fields=["price_fen"])
        record(
            "price",
            "orders.round",
            held.round_id,
            by=by,
            at=at,
            path=held.round.path,
            good=held.code,
            fen=[before, price_fen],
        )
    item.price_fen = price_fen
