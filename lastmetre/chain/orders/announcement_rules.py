"""What a round tells everybody: the text for the chat group and the words of its poster. Pure, names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.orders.rules import PAY_WORDS, PayRule, RoundState
from lastmetre.terms import Sentence, Translate, say


@dataclass(frozen=True, slots=True)
class Offered:
    """A good as everybody may see it."""

    code: str
    name: str
    specification: str
    unit: str
    price_fen: int
    limit: int | None

    @property
    def named(self) -> str:
        """Code, name and specification: A 大米 5kg."""
        return " ".join(part for part in (self.code, self.name, self.specification) if part)

    @property
    def price(self) -> str:
        """What a sale unit costs: 32.80元/袋."""
        return f"{Decimal(self.price_fen) / 100:.2f}元/{self.unit}"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A round as everybody may see it, signed in or not."""

    id: UUID
    compound: str
    title: str
    supplier: str
    state: RoundState
    opens_at: datetime
    closes_at: datetime
    wave_at: datetime
    is_fetched: bool
    """Residents come to the point."""
    pay_rule: PayRule
    goods: tuple[Offered, ...]

    @property
    def is_open(self) -> bool:
        """Whether orders are taken."""
        return self.state is RoundState.OPEN


def until(found: Announcement) -> Sentence:
    """Say when the cut-off is."""
    return say("Order until {time}", time=f"{found.closes_at.astimezone():%m-%d %H:%M}")


def ways(found: Announcement, phone: str) -> tuple[Sentence, ...]:
    """Say how to order: by the page, in the group, by telephone (ER4: who cannot order online is helped)."""
    first = found.goods[0].code if found.goods else "A"
    known = (
        say("Scan the code on your household's card, then choose and send."),
        say(
            "Or write in the group: building-unit-room, then code and number, such as 3-2-501 {code}×2.",
            code=first,
        ),
        say("Cannot order online? Call or ask your building head: they order for you."),
    )
    return (*known, say("Help by phone: {phone}", phone=phone)) if phone else known


def coming(found: Announcement) -> Sentence:
    """Say when and how the goods come."""
    time = f"{found.wave_at.astimezone():%m-%d %H:%M}"
    if found.is_fetched:
        return say("To be fetched at the point from {time}", time=time)
    return say("Brought to the door from {time}", time=time)


def chat_text(found: Announcement, address: str, phone: str, translate: Translate) -> str:
    """Return the notice as it is pasted into the group."""
    return "\n".join(_lines(found, address, phone, translate))


def _lines(found: Announcement, address: str, phone: str, translate: Translate) -> Iterator[str]:
    yield found.title if found.compound in found.title else f"【{found.compound}】{found.title}"
    yield until(found).text(translate)
    yield coming(found).text(translate)
    yield say("From {supplier}", supplier=found.supplier).text(translate)
    yield say("Payment: {words}", words=PAY_WORDS[found.pay_rule]).text(translate)
    yield ""
    for one in found.goods:
        most = say(", at most {limit} a household", limit=one.limit).text(translate) if one.limit else ""
        yield f"{one.named} {one.price}{most}"
    yield ""
    yield say("Order here: {address}", address=address).text(translate)
    for way in ways(found, phone):
        yield way.text(translate)
