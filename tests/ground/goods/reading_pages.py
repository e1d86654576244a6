"""What the tests of the pages of goods read: a page's words, an offer's price and stock."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from lastmetre.ground.goods.models import Offer
from lastmetre.ground.goods.queries.periods import priced
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


def price_and_stock(offer: Offer) -> tuple[int, Any]:
    with acting_as(SYSTEM) as now:
        row = priced(Offer.objects.filter(pk=offer.pk), now + timedelta(seconds=1)).get()
        return row.price_fen, row.stock


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
