"""How orders that come by chat, workbook, telephone and paper meet what is there already. Pure, no database."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lastmetre.terms import Action, InputError, Sentence, natural_key, say

Goods = Mapping[str, Decimal]
"""Quantity by the code that residents order by."""

FEW_DAYS = 3
"""FC6: nobody in care goes unheard of for longer."""
MOST_DAYS = 60
MOST_SHEET_ROWS = 30
"""Doors of a sheet of paper: an A4 page that can be written on by hand."""
MOST_INTAKE_BYTES = 4_000_000
"""A workbook of 10,000 orders packs to about 2 MB."""


class Fate(StrEnum):
    """What becomes of what a household is read to have said."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    SAME = "same"
    CONFLICT = "conflict"
    """It was changed elsewhere since: a person says which counts."""


FATE_WORDS: dict[Fate, Sentence] = {
    Fate.NEW: say("new"),
    Fate.CHANGED: say("changed"),
    Fate.CANCELLED: say("taken back"),
    Fate.SAME: say("unchanged"),
    Fate.CONFLICT: say("changed elsewhere"),
}


def weigh(said: Goods, before: Goods | None, now: Goods) -> Fate:
    """Say what becomes of an order: `before` is what the chat said last time, `now` what stands (nothing: {}).

    What the chat repeats never undoes what the household changed elsewhere since.
    """
    if dict(said) == dict(now) or (before is not None and dict(said) == dict(before)):
        return Fate.SAME
    if dict(now) != dict(before or {}):
        return Fate.CONFLICT
    if not said:
        return Fate.CANCELLED
    return Fate.CHANGED if now else Fate.NEW


def together(one: Goods, other: Goods) -> dict[str, Decimal]:
    """Add two orders."""
    return {code: one.get(code, Decimal(0)) + other.get(code, Decimal(0)) for code in (*one, *other)}


def capped(goods: Goods, limits: Mapping[str, int | None]) -> dict[str, Decimal]:
    """Cut an order down to the limits a household (PD8)."""
    return {
        code: min(quantity, Decimal(limit)) if (limit := limits.get(code)) is not None else quantity
        for code, quantity in goods.items()
    }


def spelled(goods: Goods) -> str:
    """Spell an order as it is typed, in the order of the codes: A2 C1.5; nothing is '-'."""
    found = sorted(goods.items(), key=lambda pair: natural_key(pair[0]))
    return " ".join(_spelled(code, quantity) for code, quantity in found if quantity) or "-"


def _spelled(code: str, quantity: Decimal) -> str:
    amount = f"{quantity.normalize():f}"
    return f"{code}*{amount}" if code[-1:].isdecimal() else f"{code}{amount}"


_SEPARATORS = re.compile(r"[\s,;，；、。+＋]+")
_AMOUNT = re.compile(r"(?:[*x×=:：]\s*)?(\d{1,5}(?:\.\d{1,3})?)", re.IGNORECASE)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def keyed(text: str, codes: Collection[str]) -> dict[str, Decimal]:
    """Read letters and numbers as they are typed during a call: `A2 C1 D`; raises InputError on anything else.

    A letter alone is one; the same letter twice is added up. Codes that end with a digit take a sign: 12*2.
    """
    known = {code.casefold(): code for code in codes}
    found: dict[str, Decimal] = {}
    for word in filter(None, _SEPARATORS.split(_joined(text))):
        code, quantity = _one(word, known)
        found[code] = found.get(code, Decimal(0)) + quantity
    return found


def _joined(text: str) -> str:
    """Fold widths, and pull an amount that stands alone to the letter before it: `A 2` is A2."""
    plain = text.translate(_WIDE)
    return re.sub(r"(?<=[A-Za-z一-鿿])\s*[*x×]?\s+(?=\d+(?:\.\d+)?(?:[\s,;，；、]|$))", "", plain)


def _one(word: str, known: Mapping[str, str]) -> tuple[str, Decimal]:
    folded = word.casefold()
    if folded in known:
        return known[folded], Decimal(1)
    for length in range(len(folded) - 1, 0, -1):
        amount = _AMOUNT.fullmatch(word[length:])
        if folded[:length] in known and amount:
            return known[folded[:length]], Decimal(amount[1])
    raise InputError(
        say("“{word}” is not on this round's list.", word=word[:20]),
        remedy=say("Type letters and numbers such as {example}.", example=_example(list(known.values()))),
    )


def _example(codes: list[str]) -> str:
    first, second = (*codes, "A", "C")[:2]
    return f"{_spelled(first, Decimal(2))} {second}"


def plain_sentence(sentence: Sentence) -> list[object]:
    """Return a sentence as JSON values, to be said later in the reader's language."""
    values = {
        key: plain_sentence(value) if isinstance(value, Sentence) else str(value)
        for key, value in sentence.values
    }
    return [sentence.template, values]


def sentence_of(plain: object) -> Sentence:
    """Return the sentence of `plain_sentence`."""
    if not (isinstance(plain, list) and len(plain) == 2):
        return Sentence(str(plain))
    template, values = plain
    said = {key: sentence_of(one) if isinstance(one, list) else one for key, one in values.items()}
    return Sentence(template, tuple(said.items()))


_ORDERS: dict[Action, Sentence | None] = {
    Action.ORDER: None,
    Action.AMEND: None,
    Action.ADDRESS: None,
    Action.CANCEL: say("the order is dropped"),
}


def meaning(action: Action) -> Sentence | None:
    """Say what taking a message as it is read does, where its home and goods do not say so."""
    return _ORDERS[action] if action in _ORDERS else say("no order in it")


@dataclass(frozen=True, slots=True)
class Also:
    """A doubt of the same message that the same answer settles."""

    key: str
    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Asking:
    """A doubt as it is kept: what was written, what is doubted, which answers may be picked."""

    key: str
    code: str
    sentence: Sentence
    suggestions: tuple[str, ...] = ()
    remedy: Sentence | None = None
    understood: str = ""
    """What was understood of it: home and goods, spelled."""
    also: tuple[Also, ...] = ()
    is_whole: bool = True
    """Whether each good of it is named and counted."""
    means: Sentence | None = None
    """What is understood of it besides home and goods."""

    def as_json(self) -> str:
        """Return it as `Message.reading` keeps it."""
        return json.dumps(
            {
                "key": self.key,
                "code": self.code,
                "sentence": plain_sentence(self.sentence),
                "suggestions": list(self.suggestions),
                "remedy": plain_sentence(self.remedy) if self.remedy else None,
                "understood": self.understood,
                "also": [[one.key, one.code, plain_sentence(one.sentence)] for one in self.also],
                "is_whole": self.is_whole,
                "means": plain_sentence(self.means) if self.means else None,
            },
            ensure_ascii=False,
        )

    @classmethod
    def of(cls, text: str) -> Asking:
        """Return the doubt of `as_json`."""
        kept = json.loads(text)
        remedy, means = kept.get("remedy"), kept.get("means")
        return cls(
            kept["key"],
            kept["code"],
            sentence_of(kept["sentence"]),
            tuple(kept["suggestions"]),
            sentence_of(remedy) if remedy else None,
            kept.get("understood", ""),
            tuple(Also(key, code, sentence_of(said)) for key, code, said in kept.get("also", ())),
            kept.get("is_whole", True),
            sentence_of(means) if means else None,
        )


def goods_as_json(goods: Goods) -> str:
    """Return an order as `Message.reading` keeps it."""
    return json.dumps({"goods": {code: str(quantity) for code, quantity in goods.items()}})


def goods_of(text: str) -> dict[str, Decimal]:
    """Return the order of `goods_as_json`."""
    return {code: Decimal(quantity) for code, quantity in json.loads(text)["goods"].items()}


def check_days(text: str) -> int:
    """Return a number of days of silence; raises InputError."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise InputError(
            say("“{days}” is no number of days.", days=text[:10]),
            remedy=say("Write a number from 1 to {most}.", most=MOST_DAYS),
        )
    return int(text)
