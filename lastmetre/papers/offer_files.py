"""An offer as the file that `reading.offers` reads: what leaves the product comes back the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from lastmetre.terms import Good, Offer

_USUAL = Good(code="", name="")


def offer_text(offer: Offer) -> str:
    """Return an offer file (YAML); what a good leaves at its usual value is not written."""
    content: dict[str, Any] = {"title": offer.title, "supplier": offer.supplier}
    content = {key: value for key, value in content.items() if value}
    content["goods"] = [_good(good) for good in offer.goods]
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _good(good: Good) -> dict[str, Any]:
    values = {
        "code": good.code,
        "name": good.name,
        "aliases": list(good.aliases),
        "specification": good.specification,
        "unit": good.unit,
        "step": _number(good.step),
        "price_fen": good.price_fen,
        "weight_g": good.weight_g,
        "volume_ml": good.volume_ml,
        "case_size": good.case_size,
        "limit": good.limit_per_household,
        "substitutes": list(good.substitutes),
        "contents": good.contents,
    }
    usual = {"unit": _USUAL.unit, "step": 1}
    return {
        key: value for key, value in values.items() if value not in (None, "", []) and value != usual.get(key)
    }


def _number(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral() else f"{value:f}"
