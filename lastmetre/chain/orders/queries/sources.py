"""What a round's texts and workbooks are read with: the compound, the list of goods, and the sources themselves."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from lastmetre.chain.orders.models import Intake, Round, RoundItem
from lastmetre.chain.orders.rules import Channel
from lastmetre.ground.goods.models import Substitute
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.compounds import home_at, short_names, stairs_within, terms
from lastmetre.ground.places.queries.roster import doors_within
from lastmetre.ground.protection.memory import SealedMemory
from lastmetre.reading.readings import Reading
from lastmetre.reading.sources import read_file
from lastmetre.reading.stitching import stitch
from lastmetre.reading.texts import read_text
from lastmetre.terms import Compound, Good, Home, InputError, Offer, Sentence, say

READ = (Channel.CHAT.value, Channel.WORKBOOK.value)
"""Channels whose words are read; the others are keyed in."""


MEMORY = SealedMemory(8)
"""Answers to doubts do not change what was read: a queue of doubts would read the same words again and again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What everything that comes in for a round is held against."""

    row: Round
    items: Mapping[str, RoundItem]
    """By the code that residents order by."""
    offer: Offer
    compound: Compound
    households: Mapping[Home, Household]

    @property
    def limits(self) -> dict[str, int | None]:
        """How much a household may ask for (PD8), by code."""
        return {code: item.limit for code, item in self.items.items()}

    @property
    def codes(self) -> dict[UUID, str]:
        """The code of each item of the round."""
        return {item.pk: code for code, item in self.items.items()}


def desk_of(row: Round) -> Desk:
    """Gather it; about ten queries. As SYSTEM, for phones tell homes apart; nothing of them is handed on."""
    items = items_of(row)
    names = short_names(stairs_within(row.place))
    doors = list(doors_within(row.place))
    households = {home_at(one, names): one for one in doors}
    return Desk(row, items, offer_of(row, items), terms(row.place, people=True, doors=doors), households)


def items_of(row: Round) -> dict[str, RoundItem]:
    """Return the goods of a round by their code, in the order of the list; one query."""
    return {item.code: item for item in row.items.select_related("product").order_by("number")}


def offer_of(row: Round, items: Mapping[str, RoundItem]) -> Offer:
    """Return a round's list as the reader knows it."""
    code_of = {item.product_id: code for code, item in items.items()}
    stand_ins: dict[UUID, list[str]] = {}
    found = Substitute.objects.filter(product__in=code_of, substitute__in=code_of).order_by("rank", "pk")
    for one in found:
        stand_ins.setdefault(one.product_id, []).append(code_of[one.substitute_id])
    goods = tuple(
        Good(
            code=code,
            name=item.product.name,
            aliases=tuple(item.product.aliases),
            specification=item.product.specification,
            unit=item.product.unit,
            step=item.product.step.normalize() + Decimal(0),
            price_fen=item.price_fen,
            weight_g=item.product.weight_g,
            case_size=item.case_size,
            limit_per_household=item.limit,
            substitutes=tuple(stand_ins.get(item.product_id, ())),
            contents=item.product.contents,
        )
        for code, item in items.items()
    )
    return Offer(row.title, goods=goods)


def standing(row: Round) -> list[Intake]:
    """Return the pastes and workbooks of a round that were confirmed, the oldest first."""
    found = Intake.objects.filter(round=row, channel__in=READ, confirmed_at__isnull=False)
    return list(found.order_by("confirmed_at", "pk"))


@dataclass(frozen=True, slots=True)
class Sources:
    """All that was said in a round, read."""

    readings: tuple[Reading, ...]
    notices: tuple[Sentence, ...] = ()


def read_sources(intakes: list[Intake], desk: Desk) -> Sources:
    """Read pastes, joined in the order of their making, and workbooks; raises InputError."""
    chats = [one for one in intakes if one.channel == Channel.CHAT]
    readings = [_chat_of(chats, desk)] if chats else []
    notices: tuple[Sentence, ...] = ()
    latest = {_file(one)[0]: one for one in intakes if one.channel == Channel.WORKBOOK and one.raw}
    for one in latest.values():  # the same workbook exported again stands in the place of the older
        reading, more = _workbook_of(one, desk)
        readings.append(reading)
        notices += more
    return Sources(tuple(readings), notices)


def keep_workbook(name: str, content: bytes) -> str:
    """Return a workbook as `Intake.raw` keeps it."""
    return json.dumps({"file": name, "base64": base64.b64encode(content).decode()})


def _file(intake: Intake) -> tuple[str, bytes]:
    kept = json.loads(intake.raw)
    return kept["file"], base64.b64decode(kept["base64"])


def _chat_of(intakes: list[Intake], desk: Desk) -> Reading:
    texts = tuple(one.raw or "" for one in intakes)
    given = (texts, desk.compound, desk.offer)
    return MEMORY.remembered(
        intakes[0].response_id,
        given,
        lambda: read_text(stitch(texts), compound=desk.compound, offer=desk.offer),
    )


def _workbook_of(intake: Intake, desk: Desk) -> tuple[Reading, tuple[Sentence, ...]]:
    given = (*_file(intake), desk.compound, desk.offer)
    return MEMORY.remembered(intake.response_id, given, lambda: _read_workbook(*given))


def _read_workbook(
    name: str, content: bytes, compound: Compound, offer: Offer
) -> tuple[Reading, tuple[Sentence, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        reading, notices, _ = read_file(path, compound=compound, offer=offer)
    if not reading.lines:
        raise InputError(
            say("No order was found in this file."),
            remedy=say("Export the list of orders from the group-buying program, and give that file."),
        )
    return reading, notices
