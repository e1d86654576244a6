"""How long food lasts, and how much of one good stands in for another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

TENTH = Decimal("0.1")


def days_lasting(weight_g: int, ration_g: int, people: Decimal) -> Decimal:
    """Return for how many days food lasts so many people, rounded down to tenths.

    `ration_g` is for one person and day (field: 1.5 kg of vegetables last 2.6 people 1.4 days).
    """
    if ration_g <= 0 or people <= 0:
        raise ValueError("a ration and people must be above 0")
    return (Decimal(weight_g) / (ration_g * people)).quantize(TENTH, ROUND_DOWN)


def food_days(
    weights_g: Mapping[str, int], rations_g: Mapping[str, int], people: Decimal
) -> dict[str, Decimal]:
    """Return the days that each category lasts; categories without a ration (water, soap) are left out."""
    return {
        category: days_lasting(weight, rations_g[category], people)
        for category, weight in weights_g.items()
        if rations_g.get(category)
    }


def stand_in(quantity: Decimal, ratio: Decimal, step: Decimal) -> Decimal:
    """Return how much of the substitute replaces a quantity, rounded up to what it is sold by (YX7)."""
    if ratio <= 0 or step <= 0:
        raise ValueError("ratio and step must be above 0")
    return (quantity * ratio / step).to_integral_value(ROUND_CEILING) * step
