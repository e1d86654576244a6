"""What was read: lines, what they supersede, checks against leaders' totals, the hash that confirms a preview."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from lastmetre.reading.folding import bare
from lastmetre.terms import Item, OrderLine, Sentence, Translate, untranslated


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A leader's total compared with the sum of the orders read: a check, never an order."""

    line: OrderLine
    good: str
    stated: Decimal
    summed: Decimal
    sentence: Sentence

    @property
    def agrees(self) -> bool:
        """Whether the stated total equals the sum."""
        return self.stated == self.summed


@dataclass(frozen=True, slots=True)
class Reading:
    """All lines of one or more inputs, in the order they stood."""

    lines: tuple[OrderLine, ...] = ()
    superseded: tuple[OrderLine, ...] = ()
    """Lines of an older copy of a chain, replaced by a later one; kept to look up, never ordered."""
    heading: str = ""
    totals: tuple[ControlTotal, ...] = ()

    @property
    def hash(self) -> str:
        """Hash of what was understood; a preview is confirmed against it so that a stale one is refused."""
        meant = [
            (
                bare(line.raw),
                line.action,
                line.who,
                str(line.home or ""),
                bare(line.place.text),
                _meaning(line.items),
            )
            for line in self.lines
        ]
        return hashlib.sha256(json.dumps(meant, ensure_ascii=False).encode()).hexdigest()[:16]


def _meaning(items: Iterable[Item]) -> list[tuple[str, str, str]]:
    return [(item.good or item.name, str(item.qty), item.unit) for item in items]


def as_json(reading: Reading, translate: Translate = untranslated) -> dict[str, object]:
    """Return the reading as the JSON object that `lastmetre read --json` prints (docs/start.md)."""
    return {
        "title": reading.heading,
        "lines": [_line(line, translate) for line in reading.lines],
        "superseded": [_line(line, translate) for line in reading.superseded],
        "totals": [
            {
                "place": total.line.place.text,
                "name": total.good,
                "stated": _number(total.stated),
                "sum": _number(total.summed),
                "agrees": total.agrees,
                "message": total.sentence.text(translate),
            }
            for total in reading.totals
        ],
        "hash": reading.hash,
    }


def _line(line: OrderLine, translate: Translate) -> dict[str, object]:
    place = line.place
    return {
        "seq": int(line.seq) if line.seq.isdecimal() else line.seq or None,
        "who": line.who or None,
        "place": {
            "text": place.text or None,
            "lane": place.lane,
            "building": place.building,
            "unit": place.unit,
            "room": place.room,
        },
        "home": str(line.home) if line.home else None,
        "phone": line.phone or None,
        "items": [_item(item) for item in line.items],
        "action": str(line.action),
        "paid": "claimed" if line.paid_claimed else None,
        "proxy": line.proxy,
        "note": line.note or None,
        "review": [
            {
                "code": doubt.code,
                "message": doubt.sentence.text(translate),
                "suggestions": list(doubt.suggestions),
            }
            for doubt in line.doubts
        ],
        "source": {
            "file": line.source.file or None,
            "sheet": line.source.sheet or None,
            "row": line.source.row,
            "start": line.source.start,
            "end": line.source.end,
            "raw": line.raw,
        },
        **({"details": dict(line.details)} if line.details else {}),
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "name": item.name,
        "code": item.code or None,
        "good": item.good or None,
        "qty": _number(item.qty),
        "unit": item.unit or None,
        "note": item.note or None,
        "qty_stated": item.qty_stated,
        "change": str(item.change),
        "substitute": item.substitute or None,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
