"""Reasons: why a household got what it got, in words that it can check by hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lastmetre.terms import Sentence, say


@dataclass(frozen=True, slots=True)
class Share:
    """One household's figures in steps; `fair` is its share before rounding to whole ones."""

    asked: int
    limit: int | None
    people: int | None
    """Head count; 0 where it is not known; None where the good is shared equally."""
    stock: int
    wanted: int
    """Of all households together, within their limits."""
    fair: Fraction
    got: int
    credit_before: Fraction
    credit_after: Fraction
    step: Fraction = Fraction(1)
    """Sale units in a step: people read sale units."""
    counts_as: Fraction | None = None
    """People that the household counts as, where need or food left change its head count."""

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
                asked=self._units(self.asked),
                limit=self._units(self.limit or 0),
                got=self._units(self.got),
            )
        return say("You asked for {asked} and get all of it.", asked=self._units(self.asked))

    def _shared(self) -> Sentence:
        shared = say(
            "{asked}; stock {stock} for {wanted} wanted; {rule}: {got}.",
            asked=self._asked(),
            stock=self._units(self.stock),
            wanted=self._units(self.wanted),
            rule=self._rule(),
            got=self._units(self.got),
        )
        if self.got == self.fair:
            return shared
        return say("{shared} {rounded}", shared=shared, rounded=self._rounded())

    def _asked(self) -> Sentence:
        if self.is_limited:
            return say(
                "You asked for {asked}, the limit is {limit} a household",
                asked=self._units(self.asked),
                limit=self._units(self.limit or 0),
            )
        return say("You asked for {asked}", asked=self._units(self.asked))

    def _rule(self) -> Sentence:
        if self.people is None:
            return say("shared equally")
        if self.counts_as is not None:
            return say(
                "shared by head count; with need and food left yours counts as {count}",
                count=quantity(self.counts_as),
            )
        if self.people == 0:
            return say("shared by head count, yours is not known and counts as 1")
        if self.people == 1:
            return say("shared by head count, 1 person")
        return say("shared by head count, {people} people", people=self.people)

    def _rounded(self) -> Sentence:
        share = self._units(self.fair)
        if self.got > self.fair:
            if self.credit_before > 0:
                return say(
                    "Your share of {share} was rounded up, with {credit} credited from earlier rounds.",
                    share=share,
                    credit=self._units(self.credit_before),
                )
            return say(
                "Your share of {share} was rounded up; the {ahead} ahead is set against next time.",
                share=share,
                ahead=self._units(self.got - self.fair),
            )
        if self.credit_after > 0:
            return say(
                "Your share of {share} was rounded down; your credit for next time is now {credit}.",
                share=share,
                credit=self._units(self.credit_after),
            )
        return say(
            "Your share of {share} was rounded down, as you had {ahead} more than your share before.",
            share=share,
            ahead=self._units(-self.credit_before),
        )

    def _units(self, steps: int | Fraction) -> str:
        return quantity(steps * self.step)


def quantity(units: Fraction) -> str:
    """Write sale units, 0 or more, as people read them: whole, or with at most two decimals."""
    hundredths = (200 * units.numerator + units.denominator) // (2 * units.denominator)
    if units and not hundredths:
        return "<0.01"
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
