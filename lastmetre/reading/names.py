"""Who wrote: the nickname before an address, the name behind it, the name that begins a chain entry."""

from __future__ import annotations

import re
from collections.abc import Callable

from lastmetre.reading.folding import fold
from lastmetre.reading.item_tokens import Kind, tokens
from lastmetre.reading.vocabulary import TITLES, is_good, is_person, is_wish, plain

_EDGE = " ,，-—:：、.。"
_JOB = re.compile(
    r"(?:见习|实习)?(?:[大二三四]副|[一二三四大]管轮?|[大二三]厨|[一二三]水|老轨|水手长)[A-Za-z]?"
)
_INTRODUCES = re.compile(r"^(?:我家?是?|家住|住在?|是|这里是|我们家?是?|我在)$")
_ASKS_FOR = re.compile(r"^(?:我家?是?|我要|要|来|订|买|报|加|俺|家住|住|请|麻烦|帮|同上|改|取消)")
_TITLED = re.compile(
    rf"(?!康师傅)([一-鿿]{{1,3}}?(?:{'|'.join(title for title in TITLES if len(title) > 1)}))(?=.)"
)


def leading_name(text: str, *, goods_follow: bool = False) -> tuple[str, str]:
    """Split a nickname off the words that stand before an address; returns name and the rest.

    `goods_follow`: goods stand behind the address, so that even 西红柿炒蛋 before it is a nickname.
    """
    stripped = text.strip(_EDGE)
    if not stripped or stripped[0] in "[【「" or is_wish(stripped) or _has_amount(stripped):
        return "", text
    if _INTRODUCES.match(stripped):
        return "", ""
    word = plain(stripped) or stripped
    if (
        len(word) > 16
        or (is_good(word) and not is_person(word) and not goods_follow)
        or _ASKS_FOR.match(word)
    ):
        return "", text
    return stripped, ""


def nickname_behind(text: str, is_on_offer: Callable[[str], bool]) -> tuple[str, str]:
    """Split any nickname off the words behind an address, where the offer tells what is a good: 雪落无声 A1."""
    stripped = text.lstrip(_EDGE)
    match = re.match(r"([^\s,，、:：;；。(（\d+*×]{1,12})[\s,，、:：;；]+(?=\S)", stripped)
    word = plain(match[1]) if match else ""
    if (
        not match
        or len(word) < 2
        or is_on_offer(word)
        or is_wish(word)
        or _has_amount(word)
        or _ASKS_FOR.match(word)
    ):
        return "", text
    return match[1], stripped[match.end() :]


def name_behind(text: str) -> tuple[str, str]:
    """Split a name off the words that stand behind an address: 王阿姨, 老王, (张三), 王, 外婆."""
    stripped = text.lstrip(_EDGE)
    bracket = re.match(r"[(（]\s*([^()（）\d]{1,8})\s*[)）]", stripped)
    if bracket and is_person(bracket[1]):
        return bracket[1], stripped[bracket.end() :]
    word = re.match(r"[一-鿿]{1,8}(?=$|[\s,，、:：.。A-Za-z(（+])", stripped)
    if word and (is_person(word[0]) or word[0] in TITLES):
        return word[0], stripped[word.end() :]
    first = re.match(r"([一-鿿]{2,3})\s+([一-鿿]{1,8}?)(?=[\d一两二三半])", stripped)
    if (
        first
        and not is_good(first[1])
        and not is_wish(first[1])
        and is_good(first[2])
        and not _ASKS_FOR.match(first[1])
        and not _has_amount(first[1])
    ):
        return first[1], stripped[first.end(1) :]  # 洛洛 牛奶1箱
    titled = _TITLED.match(stripped)
    if titled and is_person(titled[1]):
        return titled[1], stripped[titled.end() :]
    alone = re.match("|".join(title for title in TITLES if len(title) > 1), stripped)
    if alone and re.match(r"$|[\s订买要接代带,，]", stripped[alone.end() :]):
        return alone[0], stripped[alone.end() :]
    return "", text


def first_name(text: str) -> tuple[str, str]:
    """Split off the nickname that begins a chain entry; an entry that begins with a good or an amount has none."""
    stripped = text.strip()
    odd = re.match(r"([^\w\s(（]{1,3})(\s+)", stripped)
    match = odd or re.match(r"([^\s,，、:：;；\-—~·|｜(（]+)([\s,，、:：\-—·|｜]*)", stripped)
    if not match:
        return "", text
    word, rest = match[1], stripped[match.end() :]
    if _JOB.fullmatch(word) or (":" in fold(match[2]) and len(word) <= 12):
        return word, rest
    if is_wish(word) or (_has_amount(word) and not _is_counting_nickname(word, rest)):
        return "", text
    following = re.match(r"(\S+)(\s|$)", rest)
    if following and word in "小老阿" and len(following[1]) == 1:
        return f"{word} {following[1]}", rest[following.end() :]
    if following and following[1] in TITLES and len(word) == 1:
        return f"{word} {following[1]}", rest[following.end() :]
    if is_good(word) and not is_person(word) and not _begins_with_good(rest):
        return "", text
    return word, rest


def _is_counting_nickname(word: str, rest: str) -> bool:
    """一只猫 车厘子2斤: an amount glued to what is no good, where the goods follow with theirs."""
    found = tokens(word)
    glued = len(found) == 2 and found[0].kind is Kind.AMOUNT and found[1].kind is Kind.WORD
    return glued and not is_good(found[1].text) and _has_amount(rest)


def _begins_with_good(text: str) -> bool:
    """豆豆 板烧鸡腿堡: a word that could be a good is a nickname where a good follows it."""
    found = [token for token in tokens(text) if token.kind is not Kind.SPACE]
    if not found or found[0].kind in (Kind.AMOUNT, Kind.EACH):
        return False
    each = any(token.kind is Kind.EACH for token in found)
    return not each and (found[0].kind in (Kind.CODE, Kind.GOOD) or is_good(found[0].text.split(" ")[0]))


def _has_amount(text: str) -> bool:
    """Whether an amount stands here; bare digits behind a word that is no good belong to a nickname (七七77)."""
    found = tokens(text)
    amounts = [token for token in found if token.kind is Kind.AMOUNT]
    nickname = found and found[0].kind is Kind.WORD and not is_good(found[0].text)
    return bool(amounts) and not (nickname and all(not token.unit and not token.times for token in amounts))
