"""Prices against caps, benchmarks and what they were: what is refused, what a person should look at.

Gouging (field notes): above the price before the emergency; a margin over cost that grew, or is above 15 %
where no earlier price is known; a jump in the delivery fee; forced bundling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from lastmetre.ground.goods.rules.money import yuan
from lastmetre.terms import InputError, Sentence, say

MOST_MARGIN = Fraction(15, 100)
FEE_JUMP = Fraction(20, 100)
"""A delivery fee that rose by more than this has jumped (the notes name no figure)."""
GRAMS_PER_KG = 1000


class Concern(StrEnum):
    """What may be wrong with a price."""

    ABOVE_CAP = "above_cap"
    CAP_UNCHECKED = "cap_unchecked"
    ABOVE_BENCHMARK = "above_benchmark"
    ABOVE_BASELINE = "above_baseline"
    MARGIN_GREW = "margin_grew"
    MARGIN_HIGH = "margin_high"
    FEE_JUMPED = "fee_jumped"
    BUNDLE_DEARER = "bundle_dearer"
    BUNDLE_UNPRICED = "bundle_unpriced"


@dataclass(frozen=True, slots=True)
class Finding:
    """A concern and the sentence that says it with its figures."""

    concern: Concern
    sentence: Sentence

    @property
    def refuses(self) -> bool:
        """Whether the price cannot stand; all other concerns are for a person to look at."""
        return self.concern in (Concern.ABOVE_CAP, Concern.CAP_UNCHECKED)


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a price may be while it is in force (ER10: price intervention)."""

    price_fen: int | None = None
    """For a sale unit; where the cap is for a category, for a kilogram."""
    margin_percent: Decimal | None = None
    """Over what the supplier paid."""
    is_per_kg: bool = False


def highest_fen(cap: Cap, *, weight_g: int | None, cost_fen: int | None) -> int | None:
    """Return the highest price of a sale unit under a cap; None where weight or cost must be known first."""
    limits = []
    if cap.price_fen is not None:
        if cap.is_per_kg and not weight_g:
            return None
        limits.append(cap.price_fen * (weight_g or 0) // GRAMS_PER_KG if cap.is_per_kg else cap.price_fen)
    if cap.margin_percent is not None:
        if cost_fen is None:
            return None
        limits.append(int(cost_fen * (100 + cap.margin_percent) // 100))
    return min(limits, default=None)


def cap_finding(
    price_fen: int, cap: Cap, *, weight_g: int | None = None, cost_fen: int | None = None
) -> Finding | None:
    """Say that a price is above a cap, or that the cap cannot be checked; None where it is kept."""
    limit = highest_fen(cap, weight_g=weight_g, cost_fen=cost_fen)
    if limit is None:
        return Finding(
            Concern.CAP_UNCHECKED,
            say("A cap over cost is in force, and what the supplier paid is not stated.")
            if cap.margin_percent is not None and cost_fen is None
            else say("A cap for a kilogram is in force, and the weight of this good is not known."),
        )
    if price_fen <= limit:
        return None
    return Finding(
        Concern.ABOVE_CAP,
        say(
            "{price} yuan is above the highest price allowed here, {limit} yuan.",
            price=yuan(price_fen),
            limit=yuan(limit),
        ),
    )


_REMEDIES = {
    Concern.ABOVE_CAP: say("Lower the price, or ask the price office whether the cap holds."),
    Concern.CAP_UNCHECKED: say("State it, then set the price again."),
}


def check_cap(
    price_fen: int, caps: Iterable[Cap], *, weight_g: int | None = None, cost_fen: int | None = None
) -> None:
    """Refuse a price above any cap; raises InputError with the figures."""
    for cap in caps:
        finding = cap_finding(price_fen, cap, weight_g=weight_g, cost_fen=cost_fen)
        if finding:
            raise InputError(finding.sentence, remedy=_REMEDIES[finding.concern])


def reference_finding(price_fen: int, benchmark_fen: int | None, where: str = "") -> Finding | None:
    """Say that a price is above the benchmark (PD2b: an online flagship store's)."""
    if benchmark_fen is None or price_fen <= benchmark_fen:
        return None
    return Finding(
        Concern.ABOVE_BENCHMARK,
        say(
            "{price} yuan is {percent} % above the benchmark of {benchmark} yuan{where}.",
            price=yuan(price_fen),
            percent=_percent(Fraction(price_fen - benchmark_fen, benchmark_fen)) if benchmark_fen else "100",
            benchmark=yuan(benchmark_fen),
            where=f" ({where})" if where else "",
        ),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an offer's price at one time."""

    price_fen: int
    cost_fen: int | None = None
    """What the supplier paid for a sale unit."""
    fee_fen: int | None = None
    """What bringing an order costs."""

    @property
    def margin(self) -> Fraction | None:
        """The margin over cost; None where the cost is not known or nothing."""
        return Fraction(self.price_fen - self.cost_fen, self.cost_fen) if self.cost_fen else None


def gouging_findings(now: Known, before: Known | None) -> tuple[Finding, ...]:
    """Hold a price against that before the emergency; None as `before` where none is known."""
    found = [_fee(now, before)] if before else []
    found += _margins(now, before) if before else [_margin_alone(now)]
    return tuple(finding for finding in found if finding)


def _margins(now: Known, before: Known) -> list[Finding | None]:
    was, is_now = before.margin, now.margin
    if was is not None and is_now is not None:
        # A price that rose no more than its cost, as the invoices show it, is no gouging.
        return [_grown(was, is_now)] if is_now > was else []
    if now.price_fen <= before.price_fen:
        return []
    return [
        Finding(
            Concern.ABOVE_BASELINE,
            say(
                "{price} yuan is above the {before} yuan asked before the emergency, and no cost explains it.",
                price=yuan(now.price_fen),
                before=yuan(before.price_fen),
            ),
        )
    ]


def _grown(before: Fraction, now: Fraction) -> Finding:
    return Finding(
        Concern.MARGIN_GREW,
        say(
            "The margin over cost grew from {before} % to {now} %.",
            before=_percent(before),
            now=_percent(now),
        ),
    )


def _margin_alone(now: Known) -> Finding | None:
    if now.margin is None or now.margin <= MOST_MARGIN:
        return None
    return Finding(
        Concern.MARGIN_HIGH,
        say(
            "The margin over cost is {margin} %; where no earlier price is known, {most} % is the most.",
            margin=_percent(now.margin),
            most=_percent(MOST_MARGIN),
        ),
    )


def _fee(now: Known, before: Known) -> Finding | None:
    if now.fee_fen is None or before.fee_fen is None or now.fee_fen <= before.fee_fen * (1 + FEE_JUMP):
        return None
    return Finding(
        Concern.FEE_JUMPED,
        say(
            "The delivery fee went from {before} to {now} yuan.",
            before=yuan(before.fee_fen),
            now=yuan(now.fee_fen),
        ),
    )


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class BundleLine:
    """One thing in a package, and what it costs by itself."""

    what: str
    quantity: Decimal
    reference_fen: int | None
    """Of one sale unit; None where it is not sold by itself."""


def bundle_sum_fen(lines: Iterable[BundleLine]) -> int:
    """Return what the priced lines cost one by one."""
    return round(sum(line.quantity * line.reference_fen for line in lines if line.reference_fen is not None))


def bundle_findings(price_fen: int, lines: Sequence[BundleLine]) -> tuple[Finding, ...]:
    """Hold a package against its contents line by line: gouging hides in bundles (trust.md)."""
    unpriced = [line.what for line in lines if line.reference_fen is None]
    if unpriced:
        return (
            Finding(
                Concern.BUNDLE_UNPRICED,
                say(
                    "No price is known for {lines}, so the package cannot be checked.",
                    lines="、".join(unpriced),
                ),
            ),
        )
    alone = bundle_sum_fen(lines)
    if not lines or price_fen <= alone:
        return ()
    return (
        Finding(
            Concern.BUNDLE_DEARER,
            say(
                "The package costs {price} yuan; its contents one by one cost {alone} yuan.",
                price=yuan(price_fen),
                alone=yuan(alone),
            ),
        ),
    )
