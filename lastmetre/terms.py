"""Frozen types that reading, planning and papers share.

Money is in fen (1 yuan = 100 fen), weights in grams, volumes in millilitres. Quantities that people
typed are `Decimal` (they order 1.5 斤); quantities that are shared out are whole sale units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache

Translate = Callable[[str], str]
"""Turns an English message into the reader's language (gettext's signature)."""


def untranslated(message: str) -> str:
    """Return the English message itself: the `Translate` of tests and logs."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for a person: an English template and its values, said in the language asked for."""

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def text(self, translate: Translate = untranslated) -> str:
        """Say it. Values that are sentences themselves are translated too; the empty sentence says nothing."""
        if not self.template:
            return ""  # gettext answers "" with the header of its catalogue
        said = {
            key: value.text(translate) if isinstance(value, Sentence) else value for key, value in self.values
        }
        return translate(self.template).format(**said)

    def __str__(self) -> str:
        return self.text()


def say(template: str, /, **values: object) -> Sentence:
    """Build a sentence; its template is what the translators see (`say` is the extraction keyword)."""
    return Sentence(template, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read, so that a person can look it up."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    """1-based row of a workbook, or line of a text."""
    start: int | None = None
    """Characters [start, end) within the whole text, or within the cell."""
    end: int | None = None

    def __str__(self) -> str:
        place = [part for part in (self.file, self.sheet) if part]
        if self.row is not None:
            place.append(str(self.row))
        return ":".join(place)


class InputError(ValueError):
    """Input that cannot be read: says what is wrong, where, and what to do about it."""

    def __init__(self, what: Sentence, *, remedy: Sentence, source: Source | None = None) -> None:
        super().__init__(what, remedy, source)
        self.what = what
        self.remedy = remedy
        self.source = source

    def text(self, translate: Translate = untranslated) -> str:
        """Say all three parts in one line."""
        where = f"{self.source}: " if self.source and str(self.source) else ""
        return f"{where}{self.what.text(translate)} {self.remedy.text(translate)}"

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person must settle: never guessed (house law 6)."""

    code: str
    sentence: Sentence
    suggestions: tuple[str, ...] = ()
    """Answers a person may pick, each in the words that the review sheet accepts."""
    about: str = ""
    """What of the line it is about, where one line may have the doubt twice: the name of a good."""


@cache
def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that reads numbers as numbers: 201 before 1701, 9栋 before 10栋."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


@dataclass(frozen=True, slots=True)
class Home:
    """A household's address inside its compound. Parts that the compound does not use are ''."""

    building: str
    unit: str
    room: str

    @property
    def sort_key(self) -> tuple[tuple[tuple[int, int, str], ...], ...]:
        """Building, unit, room, each in natural order."""
        return natural_key(self.building), natural_key(self.unit), natural_key(self.room)

    def __str__(self) -> str:
        return "-".join(part for part in (self.building, self.unit, self.room) if part)


@dataclass(frozen=True, slots=True)
class Place:
    """An address as somebody wrote it: the words, and the parts recognised in them."""

    text: str
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    lane: str | None = None

    def __bool__(self) -> bool:
        return any((self.text, self.building, self.unit, self.room, self.lane))


@dataclass(frozen=True, slots=True)
class Household:
    """One home of the compound (ER3a: the smallest place of the tree)."""

    home: Home
    floor: int | None = None
    phone: str = ""
    name: str = ""
    head_count: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A stairwell (ER3b: one numbered cart each, unless weight says otherwise)."""

    building: str
    name: str = ""
    """'' where the building has no units."""
    floors: int | None = None
    has_lift: bool = False


@dataclass(frozen=True, slots=True)
class Building:
    """A building and what people call it."""

    name: str
    aliases: tuple[str, ...] = ()
    lane: str = ""
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound: what addresses mean here. Read from a compound file or a roster."""

    name: str
    aliases: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    """Lane numbers (弄) that belong to the compound; empty where it has none."""
    buildings: tuple[Building, ...] = ()
    households: tuple[Household, ...] = ()
    """Empty where no roster is known: then every room of a known building is accepted."""
    two_parts: tuple[str, ...] = ("building", "room")
    """What a bare `3-501` means here."""
    three_parts: tuple[str, ...] = ("building", "unit", "room")
    """What a bare `7-2-903` means here."""


@dataclass(frozen=True, slots=True)
class Good:
    """A good or package (套餐, QZ5) on offer."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    specification: str = ""
    unit: str = "份"
    """The sale unit, as residents say it."""
    step: Decimal = Decimal(1)
    """The smallest quantity sold and the grain of sharing: 1, or 0.5 for goods sold by half a 斤."""
    price_fen: int | None = None
    """Price of one sale unit."""
    weight_g: int | None = None
    volume_ml: int | None = None
    case_size: int | None = None
    """Sale units in one supplier's case; None where single units can be bought."""
    limit_per_household: int | None = None
    """In sale units (PD8)."""
    substitutes: tuple[str, ...] = ()
    """Codes of goods that can stand in (YX7), best first."""
    contents: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be ordered in a round, and from whom."""

    title: str = ""
    supplier: str = ""
    goods: tuple[Good, ...] = ()


class Action(StrEnum):
    """What a message wants."""

    ORDER = "order"
    AMEND = "amend"
    CANCEL = "cancel"
    ADDRESS = "address"
    QUESTION = "question"
    COMPLAINT = "complaint"
    SHORTAGE = "shortage"
    TOTAL = "total"
    OFFER = "offer"
    NOTICE = "notice"
    NONE = "none"


class Change(StrEnum):
    """How an item's quantity meets what the household already ordered."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Item:
    """One good in one line, as typed and, where an offer is known, as resolved."""

    name: str
    qty: Decimal | None = Decimal(1)
    """In the unit as typed; None where it cannot be told."""
    unit: str = ""
    code: str = ""
    """The letter or number code as typed (A, 套餐A -> A); '' where none was typed."""
    note: str = ""
    qty_stated: bool = True
    """False where 1 was understood."""
    change: Change = Change.SET
    substitute: str = ""
    """What the household takes when this has run out (没有换…), as typed."""
    good: str = ""
    """Code of the offer's good; '' until resolved."""
    amount_fen: int | None = None
    """Money the source states for this item, where it does."""
    specification: str = ""
    """What the source states as the good's specification (半箱六盒): goods of one name differ by it."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One message, chain entry or workbook row: what it says, where it stood, what is doubtful."""

    raw: str
    source: Source
    action: Action = Action.ORDER
    seq: str = ""
    """Number in the chain, or the platform's order number (跟团号); '' where none."""
    who: str = ""
    place: Place = Place("")
    home: Home | None = None
    """The household it belongs to, once resolved."""
    phone: str = ""
    items: tuple[Item, ...] = ()
    paid_claimed: bool = False
    """The household says it has paid: a claim, never a fact."""
    proxy: bool = False
    """Somebody ordered for this household (YC4a)."""
    note: str = ""
    doubts: tuple[Doubt, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    """What else was understood, for the JSON: an offer's options, a total's scope, the old address."""


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """One good of one household after all its lines were merged."""

    good: str
    """Code in the offer; the name as typed where there is no offer."""
    qty: Decimal
    note: str = ""
    substitute: str = ""
    """Code of the good taken when this has run out."""
    amount_fen: int | None = None
    """What the sources charged for it; None where any of them does not say."""


@dataclass(frozen=True, slots=True)
class Order:
    """All that one household asked for, from every source (house law 4)."""

    home: Home
    items: tuple[OrderedItem, ...]
    who: str = ""
    phone: str = ""
    note: str = ""
    paid_claimed: bool = False
    lines: tuple[OrderLine, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """Open doubts of any of its lines: while there are any, the order is not packed."""
