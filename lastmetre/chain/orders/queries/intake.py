"""What a round's pastes and workbooks mean for each household: what is new, what changed, what is doubted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q

from lastmetre.chain.orders.doubt_rules import one_question_each
from lastmetre.chain.orders.intake_rules import (
    Asking,
    Fate,
    Goods,
    goods_of,
    keyed,
    meaning,
    spelled,
    together,
    weigh,
)
from lastmetre.chain.orders.models import Answer, Intake, Message, RequestLine, Round
from lastmetre.chain.orders.queries.sources import Desk, desk_of, read_sources, standing
from lastmetre.chain.orders.rules import Channel, MessageState, RequestState
from lastmetre.ground.places.models import Household
from lastmetre.reading.goods import GoodBook
from lastmetre.reading.items import read_items
from lastmetre.reading.readings import ControlTotal
from lastmetre.reading.reviews import AnswerKind, doubt_key, parse_answer, review_key
from lastmetre.reading.sources import Round as Read
from lastmetre.reading.sources import read_round
from lastmetre.terms import InputError, Offer, Order, OrderLine, Sentence, Source, say

_NOWHERE = Source()
Given = Mapping[str, tuple[bytes, str]]
"""What people answered by the doubt's key: as it is stored, and opened."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One household's order as it was read, and what becomes of it."""

    household: Household
    order: Order
    said: Goods
    before: Goods | None
    """What was said last time, and entered."""
    now: Goods
    fate: Fate
    goods: Goods
    """What is to be entered: what was said, or what a person answered."""
    channel: Channel
    is_settled: bool = False
    """A person decided that nothing is entered; that it was said is remembered."""
    exception: str = ""

    @property
    def is_entered(self) -> bool:
        """Whether it changes what the household asks for."""
        return self.fate in (Fate.NEW, Fate.CHANGED, Fate.CANCELLED) and not self.is_settled

    @property
    def raw(self) -> str:
        """What was written."""
        return "\n".join(dict.fromkeys(line.raw for line in self.order.lines))


@dataclass(frozen=True, slots=True)
class Doubtful:
    """What waits for a person."""

    asking: Asking
    raw: str
    household: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What confirming would do."""

    desk: Desk
    judged: tuple[Judged, ...]
    doubts: tuple[Doubtful, ...]
    totals: tuple[ControlTotal, ...]
    notices: tuple[Sentence, ...]
    superseded: int
    digest: str
    """Who confirms, confirms exactly this."""
    read: Read
    said: tuple[OrderLine, ...]
    """The lines as they were read, before anything was settled."""
    answers: Given
    replaces: frozenset[str] | None = None
    """Keys of the doubts that were raised before by what the plan is of; None where it is of all that was said."""

    @property
    def counts(self) -> dict[str, int]:
        """How many households have each fate."""
        found = Counter(one.fate.value for one in self.judged)
        return {fate.value: found.get(fate.value, 0) for fate in Fate}

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it orders anything."""
        return not self.judged and not self.doubts


def plan_of(row: Round, more: Intake | None = None) -> Plan:
    """Read all that was said in a round, with one more source that is not confirmed yet; as SYSTEM."""
    desk = desk_of(row)
    intakes = [one for one in standing(row) if more is None or one.pk != more.pk]
    sources = read_sources([*intakes, *([more] if more else [])], desk)
    answers = answers_of(row)
    texts = texts_of(answers)
    read = read_round(sources.readings, compound=desk.compound, offer=desk.offer, answers=texts)
    judged, conflicts = judge(desk, read, texts)
    return Plan(
        desk,
        tuple(judged),
        (*doubts_in(read, desk), *conflicts),
        read.reading.totals,
        sources.notices,
        len(read.reading.superseded),
        _digest(read, judged),
        read,
        tuple(line for reading in sources.readings for line in reading.lines),
        answers,
    )


def answers_of(row: Round, known: Given = MappingProxyType({})) -> dict[str, tuple[bytes, str]]:
    """Return what people answered to doubts of this compound; opened are those that are not `known` as they are."""
    of_place = Answer.objects.filter(place=row.place_id)
    stored = dict(of_place.values_list("key", "text"))
    same = {key: known[key] for key, text in stored.items() if key in known and known[key][0] == text}
    opened = of_place.filter(key__in=stored.keys() - same.keys()) if len(same) < len(stored) else ()
    return same | {one.key: (stored[one.key], text) for one in opened if (text := one.text)}


def texts_of(answers: Given) -> dict[str, str]:
    """Return the answers as they were typed."""
    return {key: text for key, (_, text) in answers.items()}


def said_before(row: Round, of: Collection[UUID] | None = None) -> dict[UUID, dict[str, Decimal]]:
    """Return what each household, or each `of` some, was read to have said when it was entered last; one query."""
    some = Q(household__isnull=False) if of is None else Q(household__in=of)
    found = Message.objects.filter(some, intake__round=row, state=MessageState.CLEAR).order_by("pk")
    return {one.household_id: goods_of(text) for one in found if (text := one.reading)}


def asked_now(
    row: Round, codes: Mapping[UUID, str], of: Collection[UUID] | None = None
) -> dict[UUID, dict[str, Decimal]]:
    """Return what each household, or each `of` some, asks for in a round, by code; one query."""
    found: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    some = Q() if of is None else Q(request__household__in=of)
    lines = RequestLine.objects.filter(some, request__round=row, request__state=RequestState.ACTIVE)
    for household, item, quantity in lines.values_list("request__household", "item", "quantity"):
        found[household][codes[item]] = quantity.normalize()
    return dict(found)


def own_key(row: Round, code: str, *words: str) -> str:
    """Return the key of a doubt that only what stands in the round raises: it holds for this round alone."""
    return review_key(" ".join((str(row.pk), *words)), code)


def order_in(text: str, offer: Offer) -> dict[str, Decimal] | None:
    """Read an order that somebody typed as an answer: A2 C1, or 鸡蛋2板; None where it is none."""
    try:
        return keyed(text, [good.code for good in offer.goods]) or None
    except InputError:
        items, doubts = read_items(text, offer.goods)
    line = GoodBook.of(offer).resolve(OrderLine(text, source=_NOWHERE, items=items, doubts=doubts))
    if line.doubts or not line.items:
        return None
    found: dict[str, Decimal] = {}
    for item in line.items:
        if not item.good or not item.qty:
            return None
        found[item.good] = found.get(item.good, Decimal(0)) + item.qty
    return found


def judge(
    desk: Desk, read: Read, answers: Mapping[str, str], of: Collection[UUID] | None = None
) -> tuple[list[Judged], list[Doubtful]]:
    """Say what becomes of each order, and what a person decides; `of` names the households where they are few."""
    before, now = said_before(desk.row, of), asked_now(desk.row, desk.codes, of)
    judged: list[Judged] = []
    conflicts: list[Doubtful] = []
    for order in read.orders:
        household = desk.households.get(order.home)
        if order.doubts or household is None:
            continue
        said = {item.good: item.qty.normalize() for item in order.items}
        one = Judged(
            household,
            order,
            said,
            before.get(household.pk),
            now.get(household.pk, {}),
            weigh(said, before.get(household.pk), now.get(household.pk, {})),
            said,
            _channel(order),
        )
        settled = _answered(desk, one, answers)
        if settled.fate is Fate.CONFLICT and not settled.is_settled:
            conflicts.append(_conflict(desk, settled))
        judged.append(settled)
    return judged, conflicts


def _channel(order: Order) -> Channel:
    return Channel.WORKBOOK if order.lines and order.lines[-1].source.file else Channel.CHAT


def refused_key(row: Round, one: Judged) -> str:
    """Return the key of the doubt that a refusal of this order raises."""
    return own_key(row, "refused", str(one.order.home), spelled(one.said))


def _conflict_key(row: Round, one: Judged) -> str:
    return own_key(row, "conflict", str(one.order.home), spelled(one.said), "/", spelled(one.now))


def _answered(desk: Desk, one: Judged, answers: Mapping[str, str]) -> Judged:
    """Apply what a person answered to a conflict, or to a refusal."""
    key = _conflict_key(desk.row, one) if one.fate is Fate.CONFLICT else refused_key(desk.row, one)
    typed = answers.get(key, "")
    if not typed or one.fate is Fate.SAME:
        return one
    answer = parse_answer(typed)
    if answer is None:
        return one
    if answer.kind is AnswerKind.DROP:
        return _with(one, one.now, is_settled=True)
    if answer.kind is AnswerKind.ACCEPT:
        return _with(one, one.said, exception="" if one.fate is Fate.CONFLICT else "reviewed")
    goods = order_in(typed, desk.offer)
    if goods is None:
        return one
    return _with(one, goods, is_settled=goods == dict(one.now))


def _with(one: Judged, goods: Goods, *, is_settled: bool = False, exception: str = "") -> Judged:
    fate = Fate.CHANGED if one.now else Fate.NEW
    if not goods:
        fate = Fate.CANCELLED
    return Judged(
        one.household,
        one.order,
        one.said,
        one.before,
        one.now,
        fate,
        goods,
        one.channel,
        is_settled=is_settled or dict(goods) == dict(one.now),
        exception=exception,
    )


def _conflict(desk: Desk, one: Judged) -> Doubtful:
    sentence = say(
        "Changed elsewhere since: the text says {said}, the order stands at {now}. Which counts?",
        said=spelled(one.said),
        now=spelled(one.now),
    )
    both = spelled(together(one.said, one.now))
    options = (spelled(one.now), spelled(one.said), both)
    suggestions = tuple(dict.fromkeys(option for option in options if option != "-"))
    asking = Asking(
        _conflict_key(desk.row, one),
        "conflict",
        sentence,
        suggestions,
        say("Pick what counts; nothing was changed yet."),
        f"{one.order.home} {spelled(one.said)}",
    )
    return Doubtful(asking, one.raw, one.household.pk)


def doubts_in(read: Read, desk: Desk) -> list[Doubtful]:
    """Return what of a reading waits for a person, each question once."""
    found: list[Doubtful] = []
    for line in read.doubtful:
        home = desk.households.get(line.home) if line.home else None
        meant = understood(line, desk.offer)
        is_whole = all(item.good and item.qty is not None for item in line.items)
        askings = [
            Asking(
                doubt_key(line, one),
                one.code,
                one.sentence,
                one.suggestions[:9],
                understood=meant,
                is_whole=is_whole,
                means=meaning(line.action),
            )
            for one in line.doubts
        ]
        found += [Doubtful(one, line.raw, home.pk if home else None) for one in one_question_each(askings)]
    unknown = [order for order in read.orders if order.home not in desk.households and not order.doubts]
    for order in unknown:
        sentence = say("{home} is not on the roster.", home=str(order.home))
        raw = "\n".join(line.raw for line in order.lines)
        found.append(Doubtful(Asking(own_key(desk.row, "no_door", raw), "no_door", sentence), raw))
    return list({one.asking.key: one for one in found}.values())


def understood(line: OrderLine, offer: Offer) -> str:
    """Spell what was understood of a line: the home and the goods by name."""
    names = {good.code: good.name for good in offer.goods}
    goods = " ".join(
        f"{names.get(item.good, item.name)} ×{'?' if item.qty is None else f'{item.qty.normalize():f}'}"
        for item in line.items
    )
    return " · ".join(part for part in (str(line.home or ""), goods) if part)


def _digest(read: Read, judged: list[Judged]) -> str:
    meant = [
        read.reading.hash,
        *sorted((str(o.order.home), o.fate, spelled(o.said), spelled(o.now)) for o in judged),
    ]
    return hashlib.sha256(json.dumps(meant, ensure_ascii=False).encode()).hexdigest()[:32]
