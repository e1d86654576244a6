"""A message being read: its entry, what was known before it, and the addresses found in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from lastmetre.reading.entries import Entry
from lastmetre.reading.folding import bare, fold
from lastmetre.reading.item_tokens import Kind, tokens
from lastmetre.reading.items import ItemReading, read_order
from lastmetre.reading.places import PlaceMatch
from lastmetre.terms import Compound, Doubt, Good, Item, OrderLine, Place, Sentence


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before a message is read."""

    goods: tuple[Good, ...] = ()
    compound: Compound | None = None
    building: str | None = None
    """Building that the chain's heading names (3号楼接龙), for entries that give only a room."""
    above: OrderLine | None = None
    """The order before this one, for `同上`."""
    ordered: Collection[str] = ()
    """Whose orders stand above (`supersede.key_of`): `再加` of one of them is an amendment."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message after phone, mention and claim of payment were taken out of its text."""

    entry: Entry
    context: Context
    line: OrderLine
    text: str
    places: tuple[PlaceMatch, ...] = ()

    @property
    def folded(self) -> str:
        """The text with widths and dashes unified, position for position."""
        return fold(self.text)

    @property
    def numbered(self) -> bool:
        """Whether it is an entry of a chain."""
        return self.entry.numbered

    @property
    def main_place(self) -> Place:
        """The first address with a room, else the first address."""
        rooms = [match.place for match in self.places if match.place.room]
        return rooms[0] if rooms else self.places[0].place if self.places else Place("")

    def without_places(self) -> str:
        """The words around the addresses."""
        text = self.text
        for place in reversed(self.places):
            text = f"{text[: place.start]} {text[place.end :]}"
        return text

    def items(self, text: str) -> ItemReading:
        """Read a piece of the message as an order list."""
        return read_order(text, self.context.goods)

    def on_offer(self, word: str) -> bool:
        """Whether a word is, holds or is part of the name of a good on offer, or one letter like a code."""
        spoken = bare(word)
        names = [bare(name) for good in self.context.goods for name in (good.name, *good.aliases, good.code)]
        held = any(spoken in name or name in spoken for name in names if len(name) > 1) or spoken in names
        return held or self.is_order(word)

    def is_order(self, text: str) -> bool:
        """Whether a piece is nothing but goods on offer, with or without amounts: nobody's name."""
        found = [
            token
            for token in tokens(text, self.context.goods)
            if token.kind not in (Kind.SPACE, Kind.COMMA, Kind.PLUS)
        ]
        codes = {good.code for good in self.context.goods}
        named = [token for token in found if token.kind in (Kind.CODE, Kind.GOOD) and token.code in codes]
        return bool(named) and all(token in named or token.kind is Kind.AMOUNT for token in found)

    def has_amount(self, text: str) -> bool:
        """Whether a piece of the message states an amount."""
        return any(token.kind is Kind.AMOUNT for token in tokens(text, self.context.goods))


def doubted(line: OrderLine, code: str, sentence: Sentence, suggestions: tuple[str, ...] = ()) -> OrderLine:
    """Return the line with one more doubt."""
    return replace(line, doubts=(*line.doubts, Doubt(code, sentence, suggestions)))


def plain_item(item: Item) -> dict[str, object]:
    """Return what the details of a line say of an item."""
    return {"name": item.name, "qty": float(item.qty) if item.qty is not None else None, "unit": item.unit}
