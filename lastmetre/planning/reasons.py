"""Reasons: why a household got what it got, in words that it can check by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lastmetre.terms import Sentence, say


@dataclass(frozen=True, slots=True)
class Share:
    """One household's figures in sale units; `fair` is its share before rounding to whole steps."""

    asked: Fraction
    limit: Fraction | None
    people: int | None
    """Head count; 0 where it is not known; None where the good is shared equally."""
    stock: Fraction
    wanted: Fraction
    """Of all households together, within their limits."""
    fair: Fraction
    got: Fraction
    credit_before: Fraction
    credit_after: Fraction

    @property
    def is_limited(self) -> bool:
        """Tell whether the limit keeps the household from its wish."""
        return self.limit is not None and self.limit < self.asked

    @property
    def is_full(self) -> bool:
        """Tell whether its share is all it may have: scarcity takes nothing from it."""
        return self.fair == (self.limit if self.is_limited else self.asked)

    def reason(self) -> Sentence:
        """Say what was asked, what was there, how it was shared and what is credited."""
        if not self.asked:
            return say("You asked for nothing.")
        if not self.is_full:
            return self._shared()
        if self.is_limited:
            return say(
                "You asked for {asked}; the limit is {limit} a household: {got}.",
                asked=quantity(self.asked),
                limit=quantity(self.limit or Fraction()),
                got=quantity(self.got),
            )
        return say("You asked for {asked} and get all of it.", asked=quantity(self.asked))

    def _shared(self) -> Sentence:
        shared = say(
            "{asked}; stock {stock} for {wanted} wanted; {rule}: {got}.",
            asked=self._asked(),
            stock=quantity(self.stock),
            wanted=quantity(self.wanted),
            rule=self._rule(),
            got=quantity(self.got),
        )
        if self.got == self.fair:
            return shared
        return say("{shared} {rounded}", shared=shared, rounded=self._rounded())

    def _asked(self) -> Sentence:
        if self.is_limited:
            return say(
                "You asked for {asked}, the limit is {limit} a household",
                asked=quantity(self.asked),
                limit=quantity(self.limit or Fraction()),
            )
        return say("You asked for {asked}", asked=quantity(self.asked))

    def _rule(self) -> Sentence:
        if self.people is None:
            return say("shared equally")
        if self.people == 0:
            return say("shared by head count, yours is not known and counts as 1")
        if self.people == 1:
            return say("shared by head count, 1 person")
        return say("shared by head count, {people} people", people=self.people)

    def _rounded(self) -> Sentence:
        share = quantity(self.fair)
        if self.got > self.fair:
            if self.credit_before > 0:
                return say(
                    "Your share of {share} was rounded up, with {credit} credited from earlier rounds.",
                    share=share,
                    credit=quantity(self.credit_before),
                )
            return say(
                "Your share of {share} was rounded up; the {ahead} ahead is set against next time.",
                share=share,
                ahead=quantity(self.got - self.fair),
            )
        if self.credit_after > 0:
            return say(
                "Your share of {share} was rounded down; your credit for next time is now {credit}.",
                share=share,
                credit=quantity(self.credit_after),
            )
        return say(
            "Your share of {share} was rounded down, as you had {ahead} more than your share before.",
            share=share,
            ahead=quantity(-self.credit_before),
        )


def quantity(units: Fraction) -> str:
    """Write sale units as people read them: whole, or with at most two decimals."""
    cents = Decimal(units.numerator * 100) / Decimal(units.denominator)
    rounded = cents.quantize(Decimal(1), ROUND_HALF_UP) / 100
    if units and not rounded:
        return "<0.01"
    return f"{rounded.normalize():f}"
