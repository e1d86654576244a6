"""Clauses of an order in the order name, amount: `2份A 1份B` becomes `A 2份 B 1份`; sizes go to their names."""

from __future__ import annotations

import re
from dataclasses import replace

from lastmetre.reading.item_tokens import Kind, Token, tokens
from lastmetre.reading.vocabulary import DEFAULT_UNIT, WISH, is_good, is_person, is_wish, plain

_VERB = re.compile(
    r"^(?:(?:不该|唔该|麻烦|请)?(?:帮|给)(?:我|[他她]们?)家?|唔该|我系|同埋|(?:我家|我们家?|俺家?|我|家里)?(?:还|也)?(?:想|需)?(?:要|来|买|订购?|加|拿|报(?!纸)|再|留|捎|定|下单|接龙|接|需要|购买|预定|报名|登记|一共|总共|共|合计)(?:一下)?)+"
)
_TAIL = re.compile(
    r"(?:给我来?|帮我|同埋|各?来|要|买|订|一共|共|需要|加|还有|以及|和|及|跟|与)$|(?:谢+|哦|哈+|呀|啊|吧|呢|哟|喽|啦|了|滴|嘞|噢)+$"
)
_COURTESY = re.compile(
    r"^(?:谢|感谢|辛苦|麻烦|你好|您好|团长|群主|多谢|好的?$|收到$|ok$|OK$|嗯+$|[的是家]$|@)"
)
_NOT_VERB = re.compile(r"^(?:加碘|加钙|加铁|来伊份|加多宝|加饭|加辣|加蛋|加菜|要熟|要生|要[大小软硬红绿白])")
SWAP = re.compile(r"换|不要|别|免|去|少|多|放|送|加")


def clauses(found: list[Token]) -> list[tuple[list[Token], Kind | None]]:
    """Return the clauses of a text, each with the sign that ended it; words are stripped of verbs and courtesy."""
    clauses: list[tuple[list[Token], Kind | None]] = [([], None)]
    for index, token in enumerate(found):
        if token.kind is Kind.STOP and _only_divides(clauses[-1][0], found[index + 1 :]):
            continue
        if token.kind in (Kind.COMMA, Kind.STOP, Kind.PLUS):
            clauses[-1] = (clauses[-1][0], token.kind)
            clauses.append(([], None))
        elif token.kind is Kind.WORD and not (word := _clean(token.text)):
            continue
        elif token.kind is Kind.WORD:
            clauses[-1][0].append(replace(token, text=word))
        else:
            clauses[-1][0].append(token)
    return clauses


def _only_divides(clause: list[Token], behind: list[Token]) -> bool:
    """鸡蛋：2板, 豆腐.一盒: the sign stands between a name and its amount and ends nothing."""
    before = [token for token in clause if token.kind is not Kind.SPACE]
    after = [
        token
        for token in behind[:3]
        if token.kind is not Kind.SPACE and not (token.kind is Kind.WORD and not _clean(token.text))
    ]
    named = bool(before) and _names_a_good(before[-1])
    if len(before) > 1 and before[-2].kind is Kind.AMOUNT and before[-2].end == before[-1].start:
        return False  # 1份A。1份B
    return named and bool(after) and after[0].kind is Kind.AMOUNT


def _clean(text: str) -> str:
    word = plain(text.strip()).removeprefix("的")
    if _COURTESY.match(word):
        return ""
    if not _NOT_VERB.match(word):
        word = _VERB.sub("", word)
    if not WISH.match(word):
        word = _TAIL.sub("", word)
    return word.strip("-:：~='\" ")


def in_order(clause: list[Token]) -> list[Token]:
    """Bring a clause into the order name, amount: `2份A 1份B` becomes `A 2份 B 1份`."""
    parts = _with_brackets(_with_sizes([token for token in clause if token.kind is not Kind.SPACE]))
    if len(parts) > 1 and _is_remark_behind(parts[-1], parts[-2]):
        parts[-1] = replace(parts[-1], kind=Kind.NOTE)
    prefixed = _prefixed(parts)
    if prefixed is not None:
        return prefixed
    parts = _glued_amounts_behind(parts)
    weighty = [token for token in parts if token.kind is not Kind.NOTE]
    if not weighty or weighty[0].kind is not Kind.AMOUNT or weighty[0].times or len(weighty) < 2:
        return parts
    names = [token for token in weighty if _names_a_good(token)]
    amounts = [token for token in weighty if token.kind is Kind.AMOUNT]
    if len(names) + len(amounts) != len(weighty):
        return parts
    if len(names) == len(amounts) and weighty[0::2] == amounts:
        return _swapped(parts)
    first, second = weighty[0], weighty[1]
    if second.kind is Kind.WORD and first.end == second.start and len(names) == len(amounts) - 1:
        # 10斤大米2袋, 2L可乐1瓶: the first amount belongs to the name.
        joined = replace(second, text=first.text + second.text, start=first.start)
        return [joined] + [token for token in parts if token not in (first, second)]
    return parts


def _prefixed(parts: list[Token]) -> list[Token] | None:
    """`留一袋面粉 一桶油`: every amount is glued to the name behind it, the last name has none of its own."""
    weighty = [token for token in parts if token.kind is not Kind.NOTE]
    amounts = [index for index, token in enumerate(weighty) if token.kind is Kind.AMOUNT]
    if len(amounts) < 2 or weighty[-1].kind is Kind.AMOUNT or any(token.times for token in weighty):
        return None
    for index in amounts:
        behind = weighty[index + 1]
        if weighty[index].end != behind.start or not _names_a_good(behind):
            return None
    lead = weighty[: amounts[0]]
    if any(_names_a_good(token) and (token.kind is not Kind.WORD or is_good(token.text)) for token in lead):
        return None
    return _swapped(parts)


def _glued_amounts_behind(parts: list[Token]) -> list[Token]:
    """`1份A 1份C 鸡蛋x2`, `A 1份 四盒豆腐`: an amount glued to a name that has none goes behind it."""
    ordered = list(parts)
    index = 0
    pending = False
    while index < len(ordered) - 1:
        token, behind = ordered[index], ordered[index + 1]
        after = ordered[index + 2] if index + 2 < len(ordered) else None
        takes = after is not None and after.kind is Kind.AMOUNT and after.start == behind.end
        glued = token.kind is Kind.AMOUNT and not token.times and token.end == behind.start
        if glued and not pending and _names_a_good(behind) and not takes:
            ordered[index], ordered[index + 1] = behind, token
            index += 1
        pending = ordered[index].kind is not Kind.AMOUNT and _names_a_good(ordered[index])
        index += 1
    return ordered


def _is_remark_behind(word: Token, before: Token) -> bool:
    """椰子2个开好口: words glued to the last amount, no good of their own."""
    glued = word.kind is Kind.WORD and before.kind is Kind.AMOUNT and before.end == word.start
    return glued and not is_good(word.text) and not is_person(word.text) and not is_wish(word.text)


def _with_sizes(parts: list[Token]) -> list[Token]:
    """Join sizes to the name they describe: 青岛24罐装, 百岁山348ml*24瓶装, and 30枚鸡蛋 between two amounts."""
    joined: list[Token] = []
    for index, token in enumerate(parts):
        behind = parts[index + 1 : index + 3]
        if token.kind is Kind.SPEC:
            text = token.text
            while joined and joined[-1].kind is Kind.AMOUNT and len(joined) > 1:
                text = joined.pop().text + text
            if joined and joined[-1].kind in (Kind.WORD, Kind.GOOD):
                joined[-1] = replace(joined[-1], text=joined[-1].text + text, end=token.end)
            else:
                joined.append(replace(token, kind=Kind.WORD, text=text))
        elif (
            joined
            and joined[-1].kind is Kind.WORD
            and token.kind in (Kind.WORD, Kind.GOOD)
            and joined[-1].end == token.start
        ):
            joined[-1] = replace(token, text=joined[-1].text + token.text, start=joined[-1].start)
        elif _is_size_before(token, joined, behind):
            joined.append(replace(token, kind=Kind.WORD))
        else:
            joined.append(token)
    return joined


def _is_size_before(token: Token, before: list[Token], behind: list[Token]) -> bool:
    """鸡蛋2板 30枚鹌鹑蛋1盒: an amount glued to the next name, which has its own amount."""
    return (
        token.kind is Kind.AMOUNT
        and not token.times
        and token.unit != DEFAULT_UNIT
        and bool(before)
        and before[-1].kind is Kind.AMOUNT
        and before[-1].end < token.start
        and len(behind) == 2
        and behind[0].kind is Kind.WORD
        and behind[0].start == token.end
        and behind[1].kind is Kind.AMOUNT
    )


def _with_brackets(parts: list[Token]) -> list[Token]:
    """Keep what stands in brackets between a name and its amount with the name: 香蕉（熟点）3斤."""
    joined: list[Token] = []
    for index, token in enumerate(parts):
        before = joined[-1] if joined else None
        behind = parts[index + 1].kind if index + 1 < len(parts) else None
        named = before is not None and before.kind in (Kind.WORD, Kind.GOOD) and before.end == token.start
        amount = _bracketed_amount(token) if before is not None and _names_a_good(before) else None
        if amount and behind is not Kind.AMOUNT:
            joined.append(amount)
        elif token.kind is Kind.NOTE and before and named and behind is Kind.AMOUNT:
            joined[-1] = replace(before, text=before.text + token.text, end=token.end)
        else:
            joined.append(token)
    return joined


def _bracketed_amount(token: Token) -> Token | None:
    """嫩豆腐（2盒）: an amount in brackets behind a name is its amount."""
    inner = tokens(token.text[1:-1]) if token.kind is Kind.NOTE else []
    if len(inner) != 1 or inner[0].kind is not Kind.AMOUNT:
        return None
    return replace(inner[0], start=token.start, end=token.end)


def _names_a_good(token: Token) -> bool:
    return token.kind in (Kind.CODE, Kind.GOOD) or (token.kind is Kind.WORD and not is_wish(token.text))


def _swapped(parts: list[Token]) -> list[Token]:
    swapped: list[Token] = []
    held: Token | None = None
    for token in parts:
        if token.kind is Kind.AMOUNT:
            held = token
        elif held is not None and token.kind is not Kind.NOTE:
            swapped += [token, held]
            held = None
        else:
            swapped.append(token)
    return swapped
