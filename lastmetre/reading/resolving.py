"""Lines as read -> homes, goods, what a person answered, one order a household; noting which answers each line asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lastmetre.reading.goods import GoodBook, goods_as_typed
from lastmetre.reading.homes import HomeBook
from lastmetre.reading.merging import DOUBTS_OF_MERGING, merge, old_place, with_old_home
from lastmetre.reading.reviews import AnswerKind, parse_answer, review_key
from lastmetre.reading.settling import settle
from lastmetre.terms import Action, Compound, Home, Offer, Order, OrderLine


class Noted(Mapping[str, str]):
    """Answers that note which of them were asked for, found or not."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return self.answers[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some lines."""

    settled: tuple[OrderLine, ...]
    orders: tuple[Order, ...]
    homeless: tuple[OrderLine, ...]
    asked: tuple[frozenset[str], ...]
    """Of each line, the keys of the answers it was settled and merged with: while these stay, so does the line."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """Ties lines to the homes of a compound and the goods of an offer."""

    homes: HomeBook
    goods: GoodBook | None
    offer: Offer

    @classmethod
    def of(cls, compound: Compound, offer: Offer | None, lines: Sequence[OrderLine] = ()) -> Resolver:
        """Index both; without an offer, the goods are those that the lines name."""
        if offer is not None:
            return cls(HomeBook.of(compound), GoodBook.of(offer), offer)
        return cls(HomeBook.of(compound), None, goods_as_typed(lines))

    def __call__(self, line: OrderLine) -> OrderLine:
        """Return a line with its home and its goods, or with the doubts that keep it from them."""
        if line.action not in (Action.ORDER, Action.AMEND, Action.CANCEL, Action.ADDRESS, Action.TOTAL):
            return line
        if line.action is not Action.TOTAL:
            line = self.homes.resolve(line)
        if line.action is Action.ADDRESS:
            old = old_place(line)
            return with_old_home(line, self.homes.find(old)[0]) if old else line
        if self.goods is not None:
            return self.goods.resolve(line)
        items = tuple(replace(item, good=item.code or item.name) for item in line.items)
        return replace(line, items=items)

    def settle(self, line: OrderLine, answers: Mapping[str, str]) -> OrderLine:
        """Return a line with its home, its goods and what a person answered to its doubts."""
        return settle(line, answers, self, self.homes.compound, self.offer)

    def outcome(self, lines: Sequence[OrderLine], answers: Mapping[str, str]) -> Outcome:
        """Settle lines and merge them to one order a household."""
        settled: list[OrderLine] = []
        asked: list[set[str]] = []
        for line in lines:
            noted = Noted(answers)
            settled.append(self.settle(line, noted))
            asked.append(noted.asked)
        of_home: dict[Home | None, set[str]] = defaultdict(set)

        def is_accepted(line: OrderLine, code: str) -> bool:
            if code not in DOUBTS_OF_MERGING:
                return False  # what a person took of a line's own doubts is settled already
            key = review_key(line.raw, code, line.seq)
            of_home[line.home].add(key)
            answer = parse_answer(answers.get(key, ""))
            return answer is not None and answer.kind is AnswerKind.ACCEPT

        orders, homeless = merge(settled, is_accepted)
        return Outcome(
            tuple(settled),
            tuple(orders),
            tuple(homeless),
            tuple(
                frozenset(keys | of_home.get(line.home, set()))
                for keys, line in zip(asked, settled, strict=True)
            ),
        )
