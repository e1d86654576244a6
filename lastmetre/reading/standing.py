"""A round as it stands: an answer, or a doubt that is asked again, has only what it touches settled and merged anew.

What a line becomes hangs on the line and on the answers that it asked for; what a household asks for, on its lines.
So an answer touches the lines that asked for it, their households' other lines, and the lines of the same words:
read anew alone they come out as in a reading of the whole (tests/reading/test_standing.py).
"""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lastmetre.reading.readings import Reading
from lastmetre.reading.resolving import Noted, Outcome, Resolver
from lastmetre.reading.sources import Round
from lastmetre.terms import Action, Home, OrderLine


@dataclass(frozen=True, slots=True)
class Reread:
    """What answers touched, as it was and as it is; all else of the round stays."""

    before: Round
    after: Round
    standing: Standing


@dataclass(frozen=True, slots=True)
class Standing:
    """The lines of a round as they were read, with what was found of each."""

    packed: tuple[bytes, ...]
    """Pickled one by one: a few are needed, opening all takes longer than settling those."""
    homes: tuple[tuple[Home, ...], ...]
    """Whose order each line may change: of a change of address two."""
    asked: tuple[frozenset[str], ...]
    """The keys of the answers that each line asked for."""

    @classmethod
    def of(
        cls, lines: Sequence[OrderLine], settled: Sequence[OrderLine], asked: Iterable[frozenset[str]]
    ) -> Standing:
        """Keep the lines of a reading of the whole."""
        return cls(tuple(map(pickle.dumps, lines)), tuple(map(_homes, settled)), tuple(asked))

    def reread(
        self,
        changed: Collection[str],
        homes: Collection[Home],
        *,
        before: Mapping[str, str],
        after: Mapping[str, str],
        resolver: Resolver,
    ) -> Reread:
        """Read anew what the answers of some keys touch, and the orders of some homes besides.

        `before` and `after` are all answers, in which just the `changed` ones differ. Cost: linear in the lines
        touched, but for one pass over the keys of all lines.
        """
        lines = self._touched(set(changed), set(homes), after, resolver)
        places = sorted(lines)
        touched = [lines[place] for place in places]
        then, now = resolver.outcome(touched, before), resolver.outcome(touched, after)
        homes_now, asked_now = list(self.homes), list(self.asked)
        for place, line, asked in zip(places, now.settled, now.asked, strict=True):
            homes_now[place], asked_now[place] = _homes(line), asked
        standing = Standing(self.packed, tuple(homes_now), tuple(asked_now))
        return Reread(_round(then, resolver), _round(now, resolver), standing)

    def _touched(
        self, keys: set[str], homes: set[Home], answers: Mapping[str, str], resolver: Resolver
    ) -> dict[int, OrderLine]:
        """Return the lines that ask for any of the keys or belong to any of the homes, and all that these draw in."""
        found: dict[int, OrderLine] = {}
        rest = list(range(len(self.packed)))
        while near := [
            one
            for one in rest
            if not (keys.isdisjoint(self.asked[one]) and homes.isdisjoint(self.homes[one]))
        ]:
            for one in near:
                # Only this process wrote it: unpickling is safe.
                line = found[one] = pickle.loads(self.packed[one])
                noted = Noted(answers)
                homes.update(self.homes[one], _homes(resolver.settle(line, noted)))
                keys |= self.asked[one] | noted.asked
            rest = [one for one in rest if one not in found]
        return found


def _homes(line: OrderLine) -> tuple[Home, ...]:
    wrong = line.details.get("from_home") if line.action is Action.ADDRESS else None
    return tuple(home for home in (line.home, wrong) if isinstance(home, Home))


def _round(outcome: Outcome, resolver: Resolver) -> Round:
    return Round(
        Reading(outcome.settled), resolver.offer, outcome.orders, outcome.homeless, asked=outcome.asked
    )
