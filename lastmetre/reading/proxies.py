"""Orders for somebody else (YC4a): `我是3-501，帮3-502王奶奶订1份`: the order belongs to the home it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from lastmetre.reading import intents
from lastmetre.reading.context import Message, doubted
from lastmetre.reading.names import name_behind
from lastmetre.reading.numerals import digits
from lastmetre.reading.places import PlaceMatch
from lastmetre.terms import OrderLine, say

_VERB = re.compile(
    r"^\s*(?:的|家)?\s*(?:代)?(?:订|买|接龙?|带|拿|下单|要|点|报|来|购)(?:一下)?|[(（][^()（）]*[)）]|[,，]?\s*[他她](?:不会|没有?|不用).*$"
)
_NEIGHBOUR = re.compile(r".{0,6}?(?<!\d)(\d{3,4})(?!\d)\s*室?")
_INTRODUCTION = re.compile(r"[,，;；\s]*我家?(?:是|住在?)?\s*(?:@|\d{3,4}室?(?!\d))的?")
Fill = Callable[[OrderLine, str], OrderLine]


def read_proxy(message: Message, fill: Fill) -> list[OrderLine] | None:
    """Return the lines of a message that orders for another home; None where it does not."""
    match = intents.PROXY.search(message.folded)
    if not match or message.folded.count("(", 0, match.start()) > message.folded.count(")", 0, match.start()):
        return None  # 水果包2份（一份给老人）: a remark on the own order
    own = [place for place in message.places if place.end <= match.start()]
    behind = [place for place in message.places if place.start >= match.end()]
    neighbour = _NEIGHBOUR.match(message.folded[match.end() :])
    if behind:
        target = behind[0]
        between = re.sub(r"对门|隔壁|楼[上下]|邻居|我家", " ", message.text[match.end() : target.start])
        rest = f"{between} {_INTRODUCTION.sub(' ', _after(message, target.end))}"
        lines = [_for_home(message, replace(message.line, place=target.place), rest, fill)]
    elif neighbour and own:
        place = replace(own[-1].place, room=digits(neighbour[1]), text=neighbour[0].strip())
        line = _for_home(
            message, replace(message.line, place=place), message.text[match.end() + neighbour.end() :], fill
        )
        sentence = say("Is “{text}” in the same building as the one who asks?", text=place.text)
        lines = [doubted(line, "proxy_home", sentence)]
    elif len(message.places) == 1:
        target = message.places[0]
        rest = message.text[max(target.end, match.end()) :]
        lines = [_for_home(message, replace(message.line, place=target.place), rest, fill)]
    else:
        return None
    return _own_order(message, own[-1].end if own else 0, match.start(), own) + lines


def _after(message: Message, start: int) -> str:
    """The words behind `start` without the addresses in them."""
    text = message.text
    for place in reversed(message.places):
        if place.start >= start:
            text = f"{text[: place.start]}@{text[place.end :]}"
    return text[start:]


def _for_home(message: Message, line: OrderLine, rest: str, fill: Fill) -> OrderLine:
    name, rest = name_behind(rest.lstrip(" 的家"))
    return fill(replace(line, who=name or line.who, proxy=True), _VERB.sub(" ", rest))


def _own_order(message: Message, start: int, end: int, own: list[PlaceMatch]) -> list[OrderLine]:
    """What the helper ordered for the own home before speaking of the other."""
    reading = message.items(message.text[start:end]) if own else None
    if not reading or not reading.items:
        return []
    place = message.places[0].place
    return [replace(message.line, place=place, items=reading.items, doubts=reading.doubts)]
