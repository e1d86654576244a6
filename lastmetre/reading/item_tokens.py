"""Cut a piece of an order into amounts, codes, known goods, words and separators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from unicodedata import normalize

from lastmetre.reading.folding import fold
from lastmetre.reading.numerals import read_number
from lastmetre.reading.vocabulary import UNIT
from lastmetre.terms import Good


class Kind(Enum):
    """What a token is."""

    AMOUNT = auto()
    CODE = auto()
    GOOD = auto()
    WORD = auto()
    NOTE = auto()
    EACH = auto()
    PLUS = auto()
    SPEC = auto()
    SPACE = auto()
    COMMA = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token and its raw text; an amount has its quantity and unit, a code or good its code."""

    kind: Kind
    text: str
    start: int
    end: int
    qty: Decimal | None = None
    unit: str = ""
    times: bool = False
    """Written as a multiplier: *2, x2份."""
    code: str = ""


_ONE_TO_NINE = "[一二三四五六七八九壹贰叁]"
_CN = (
    rf"(?:[两一二三四五六七八九]百(?:零?{_ONE_TO_NINE}?十?{_ONE_TO_NINE}?)?|{_ONE_TO_NINE}?十{_ONE_TO_NINE}?"
    r"|[零一二两俩仨三四五六七八九壹贰叁])"
)
_NUMBER = rf"(?:\d+(?:\.\d+)?|{_CN}(?:点{_CN})?|半)"
_WORD_END = r"(?:(?<![A-Za-z])|(?![A-Za-z]))"
_TO_UNIT = r"(?:\s+(?![瓶袋桶盒罐包箱]装))?"
"""A2 瓶装水1箱: the unit of a word of its own is none of the amount before it."""
_HALF_END = r"(?![肥瘦成只个斤熟])"
# An amount is no amount where its unit begins another word (两面针, 一包子) or a specification (24罐装).
_AMOUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<n>(?P<range>\d+\s*[-~到至]\s*\d+|[一二两三四五六七八九][二两三四五六七八九](?!\s*$)))(?P<u>{UNIT})",
        rf"(?P<times>[x*]|乘以?)\s*(?P<n>{_NUMBER})(?:{_TO_UNIT}(?P<u>{UNIT}))?{_WORD_END}(?P<spec>装)?",
        (
            rf"(?P<n>\d+(?:\.\d+)?{_TO_UNIT}|{_NUMBER})(?P<u>{UNIT})(?P<half>半{_HALF_END})?(?P<spec>\s*(?:装|入|型|规格|/[箱包件袋盒提份]))?"
            rf"{_WORD_END}(?!人|月|小时|钟)"
        ),
        rf"(?P<u>斤)(?P<half>半{_HALF_END})",
        r"(?P<n>[俩仨])(?![人口])",
        r"(?P<n>\d+(?:\.\d+)?)(?=$|[\s,;!+()\[\]A-Z]|\.(?!\d))",
    )
)
_AFTER_CODE = re.compile(rf"(?P<n>{_CN})(?=$|[\s,.;!+A-Za-z\])])")
_GLUED_DIGITS = re.compile(r"\d{1,2}(?=[一-鿿])")
_EACH = re.compile(
    r"各(?:自|来|要|订|买)?|每[样种](?:来|要)?|分别(?:来|要|各|是)?|均(?=[\d一两])|都(?:来|要)?(?=[\d一两二])"
)
_CODE = re.compile(
    r"(?:套餐|组合)\s*(?P<after>[A-Za-z]|[1-9一二三四五六七八九](?![\d份个套]))(?![A-Za-z])|(?<![A-Za-z])(?P<before>[A-Za-z])"
    r"(?:\s*(?:套餐|餐(?!具|巾)|款|套(?!餐)|组合|类|[档号]))?(?![A-WYZa-wyz]|[xX](?!\s*\d))"
)
_CODES = re.compile(r"(?<![A-Za-z])[A-K]{2,6}(?=\s*(?:套餐)?各|[\s,.]*$)")
_LETTER_PAIRS = re.compile(r"(?<![A-Za-z])(?:[A-K]\d{1,2}){2,}(?!\d)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z']+\d*")
_NOTE = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_SPEC_WORDS = re.compile(r"\d+(?:\.\d+)?\s*±\s*\d+(?:\.\d+)?\s*[a-z克斤]+", re.IGNORECASE)
# Names that look like an amount at their start.
_BRANDS = re.compile(
    r"三只松鼠|四个圈|七个|一根葱|百岁山|一把手|三元|六个核桃|两面针|一条根|百草味|五谷|四喜|八宝|三全|双汇|一枝|999感冒|555电池|84消毒|3M|N95|七喜|二锅头|三得利|九制|五仁|百事|千页|千岛|八角|一品|两广|四川|六神|七度空间|十月稻田|百合|九阳"
)


LONGER = "(?![糕饼干仔卷挞羹汤粉酱油皮丝])"
"""鸡蛋糕 is no 鸡蛋."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of the goods on offer: one pattern, longest first, and the code of each name."""

    pattern: re.Pattern[str] | None
    codes: dict[str, str]


def _names_of(goods: Sequence[Good]) -> _Names:
    return _names(tuple((good.code, good.name, good.aliases) for good in goods))


@lru_cache(maxsize=64)
def _names(goods: tuple[tuple[str, str, tuple[str, ...]], ...]) -> _Names:
    codes = {
        fold(name).casefold(): code
        for code, first, aliases in goods
        for name in (first, *aliases)
        if len(name) > 1
    }
    longest_first = sorted(map(re.escape, codes), key=len, reverse=True)
    return _Names(
        re.compile(f"(?:{'|'.join(longest_first)}){LONGER}", re.IGNORECASE) if codes else None, codes
    )


def tokens(text: str, goods: Sequence[Good] = ()) -> list[Token]:
    """Cut `text`; every character of it is in exactly one token, in order."""
    folded = fold(text)
    names = _names_of(goods)
    found: list[Token] = []
    position = 0
    word_from: int | None = None
    while position < len(text):
        glued = word_from is not None
        token = _token_at(text, folded, position, found, glued, names)
        if token is None:
            word_from = position if word_from is None else word_from
            position += 1
            continue
        if word_from is not None:
            found.append(Token(Kind.WORD, text[word_from:position], word_from, position))
            word_from = None
        found.append(token)
        position = token.end
    if word_from is not None:
        found.append(Token(Kind.WORD, text[word_from:], word_from, len(text)))
    return [part for token in found for part in _separate_codes(token)]


def _token_at(
    text: str, folded: str, at: int, before: list[Token], glued: bool, names: _Names
) -> Token | None:
    sign = folded[at]
    if sign == " ":
        return Token(Kind.SPACE, text[at], at, at + 1)
    if sign in ",/|&":
        return Token(Kind.COMMA, text[at], at, at + 1)
    if sign in ".;!?\n:":
        return Token(Kind.STOP, text[at], at, at + 1)
    if sign in "([":
        note = _NOTE.match(folded, at)
        return Token(Kind.NOTE, text[at : note.end()], at, note.end()) if note else None
    if sign == "+":
        return _plus(text, folded, at, before, glued)
    named = names.pattern.match(folded, at) if names.pattern else None
    if named:
        code = names.codes[named[0].casefold()]
        return Token(Kind.GOOD, text[at : named.end()], at, named.end(), code=code)
    each = _EACH.match(folded, at)
    if each:
        return Token(Kind.EACH, text[at : each.end()], at, each.end())
    brand = _BRANDS.match(folded, at) if not glued else None
    if brand:
        return Token(Kind.WORD, text[at : brand.end()], at, brand.end())
    return _amount(text, folded, at, before, glued) or _letters(text, folded, at, glued)


def _plus(text: str, folded: str, at: int, before: list[Token], glued: bool) -> Token:
    amount = re.match(r"\+\s*(\d{1,2})(?![\d])", folded[at:])
    rest = folded[at + amount.end() :] if amount else ""
    if amount and not re.match(rf"\s*(?:{UNIT})", rest):
        named = glued or any(token.kind in (Kind.WORD, Kind.CODE, Kind.GOOD) for token in before[-1:])
        end = at + amount.end()
        return Token(Kind.AMOUNT, text[at:end], at, end, qty=Decimal(amount[1]), times=named)
    return Token(Kind.PLUS, text[at], at, at + 1)


def _amount(text: str, folded: str, at: int, before: list[Token], glued: bool) -> Token | None:
    last = before[-1].kind if before and not glued else None
    if folded[at].isdigit() and glued and folded[at - 1].isascii() and folded[at - 1].isalnum():
        return None
    size = _SPEC_WORDS.match(folded, at)
    if size:
        return None
    for pattern in _AMOUNTS:
        match = pattern.match(folded, at)
        if not match:
            continue
        groups = match.groupdict()
        if groups.get("spec"):
            return Token(Kind.SPEC, text[at : match.end()], at, match.end())
        qty = read_number(groups["n"]) if groups.get("n") else Decimal(1)
        if groups.get("range"):
            qty = None
        elif qty is None:
            continue
        if groups.get("half") and qty is not None:
            qty += Decimal("0.5")
        unit = normalize("NFKC", text[match.start("u") : match.end("u")]) if groups.get("u") else ""
        if (unit in ("G", "L", "g") and re.search(r"\s[GLg]$", match[0])) or (
            unit in ("G", "L") and folded[match.end() : match.end() + 1].isdigit()
        ):
            continue  # F1 G2, F1L2: codes, no grams and no litres
        return Token(
            Kind.AMOUNT,
            text[at : match.end()],
            at,
            match.end(),
            qty=qty,
            unit=unit,
            times=bool(groups.get("times")),
        )
    if last in (Kind.CODE, Kind.EACH):
        match = _AFTER_CODE.match(folded, at)
    elif glued and "一" <= folded[at - 1] <= "鿿":
        match = _GLUED_DIGITS.match(folded, at)  # 鸡蛋2青菜1
    else:
        match = None
    if match:
        return Token(Kind.AMOUNT, text[at : match.end()], at, match.end(), qty=read_number(match[0]))
    return None


def _letters(text: str, folded: str, at: int, glued: bool) -> Token | None:
    if glued and folded[at - 1].isascii() and folded[at - 1].isalnum():
        return None
    for pattern in (_CODES, _LETTER_PAIRS):
        match = pattern.match(folded, at)
        if match:
            return Token(Kind.CODE, text[at : match.end()], at, match.end(), code=match[0])
    match = _CODE.match(folded, at)
    if match:
        letter = (match["after"] or match["before"]).upper()
        return Token(Kind.CODE, text[at : match.end()], at, match.end(), code=letter)
    return None


def _separate_codes(token: Token) -> list[Token]:
    """Take `ABC` (各一份) and `A1B1` apart."""
    if token.kind is not Kind.CODE or len(token.code) == 1:
        return [token]
    parts = []
    for match in re.finditer(r"([A-Z])(\d*)", token.code):
        start = token.start + match.start()
        parts.append(Token(Kind.CODE, match[1], start, start + 1, code=match[1]))
        if match[2]:
            parts.append(
                Token(Kind.AMOUNT, match[2], start + 1, token.start + match.end(), qty=Decimal(match[2]))
            )
    return parts
