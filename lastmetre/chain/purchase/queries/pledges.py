"""Whether a price keeps caps and benchmarks (ER10, PD2b, QZ4)."""

from __future__ import annotations

from datetime import datetime

from lastmetre.chain.orders.models import RoundItem
from lastmetre.ground.goods.models import OfferCost
from lastmetre.ground.goods.queries.caps import CapsInForce
from lastmetre.ground.goods.queries.findings import benchmarks_of
from lastmetre.ground.goods.rules import check_cap, reference_finding
from lastmetre.terms import InputError, say


def check_pledge(item: RoundItem, path: str, *, price_fen: int, is_raise: bool, at: datetime) -> None:
    """Raise InputError for a price above a cap, and for a raise above the benchmark; within SYSTEM."""
    product = item.product
    cost = OfferCost.objects.filter(offer=item.offer_id).values_list("cost_fen", flat=True).first()
    caps = CapsInForce([product], at).over(product, path)
    if is_raise:
        # What is lowered towards a cap is no wrong, even where it does not reach it yet.
        check_cap(price_fen, caps, weight_g=product.weight_g, cost_fen=cost)
        benchmark = benchmarks_of([product.pk]).get(product.pk)
        found = reference_finding(price_fen, *benchmark) if benchmark else None
        if found:
            raise InputError(found.sentence, remedy=say("Leave the price as it is, or mark the good short."))
