"""Places without a room, as canteens, campuses and office parks have them: H区, E区东门, 云谷, D1, 8号门."""

from __future__ import annotations

import re

from lastmetre.reading.folding import fold
from lastmetre.reading.items import read_order
from lastmetre.reading.names import first_name, leading_name, name_behind
from lastmetre.reading.vocabulary import PLACE_END, is_good, is_person, is_wish
from lastmetre.terms import Doubt, Place, say

_EDGE = " ,，-—:：、.。"
_ZONE = re.compile(
    r"(?:[一-鿿]{0,4}[A-Za-z]?座(?:\d{1,2}楼)?(?:前台|大堂|大厅|门口|门厅)?|[一-鿿]{0,2}[A-Za-z]\d?区(?:\s?[东西南北]\d?门)?|\d{1,2}号门|[东西南北]\d?门)(?:岗亭|门口|保安亭|门卫)?"
)
_PERSON_AND_ZONE = re.compile(r"([一-鿿]{2,3})([A-Za-z]区(?:[东西南北]\d?门)?)")
_LETTER = re.compile(r"[A-Za-z]\d{1,2}(?=$|[\s,.;(\-])")


def who_and_zone(text: str, *, numbered: bool) -> tuple[str, Place, str, tuple[Doubt, ...]]:
    """Split `晓某 E1份 …`, `妮，E区东门，少饭` into name, place, rest and doubts."""
    zone = _ZONE.match(fold(text.lstrip(_EDGE)))
    if zone and _PERSON_AND_ZONE.match(zone[0]) and is_person(zone[0][:2]):
        zone = None
    if (zone and zone[0][-1] != "座") or (zone and len(zone[0]) > 1):
        stripped = text.lstrip(_EDGE)
        name, rest = name_behind(stripped[zone.end() :])
        return name, Place(stripped[: zone.end()]), rest, ambiguous_amount(rest)
    glued = _PERSON_AND_ZONE.match(text.strip())
    if glued and is_person(glued[1]):
        return glued[1], Place(glued[2]), text.strip()[glued.end() :], ()
    who, rest = first_name(text) if numbered or not read_order(text).items else leading_name(text)
    glued = re.fullmatch(r"([A-Za-z]{2,})([一-鿿]{2,4})", who)
    if glued and not is_good(glued[2]):
        return glued[1], Place(glued[2]), rest, ambiguous_amount(rest)
    if who and _is_zone(who):
        name, rest = name_behind(rest)
        return name, Place(who), rest, ambiguous_amount(rest)
    place, rest, doubts = _zone(rest, bool(who))
    return who, place, rest, doubts


def ambiguous_amount(text: str) -> tuple[Doubt, ...]:
    """`B座 11份`: eleven, or B座1 and one?"""
    if re.match(r"\s*\d{2}\s*份", fold(text)):
        return (Doubt("ambiguous_digit", say("Is a digit of the amount part of the address?")),)
    return ()


def _is_zone(word: str) -> bool:
    return bool(PLACE_END.search(word)) and not is_good(word)


def _zone(text: str, has_name: bool) -> tuple[Place, str, tuple[Doubt, ...]]:
    stripped = text.lstrip(_EDGE)
    folded = fold(stripped)
    if has_name:
        lettered = _lettered(stripped, folded)
        if lettered:
            return lettered
    zone = _ZONE.match(folded)
    if zone and len(zone[0]) > 1:
        rest = stripped[zone.end() :]
        return Place(stripped[: zone.end()]), rest, ambiguous_amount(rest) + _other_zone(rest)
    word = re.match(r"[^\s,，、;；。.(（+]{1,10}", stripped)
    if not word:
        return Place(""), text, ()
    rest = stripped[word.end() :]
    if _is_zone(word[0]):
        return Place(word[0]), rest, ambiguous_amount(rest) + _other_zone(rest)
    unknown = re.fullmatch(r"[一-鿿]{2,4}", word[0]) and not is_good(word[0]) and not is_wish(word[0])
    if has_name and unknown and (_only_wishes(rest) or _only_amount(rest)):
        return Place(word[0]), rest, ()
    return Place(""), text, ()


def _lettered(stripped: str, folded: str) -> tuple[Place, str, tuple[Doubt, ...]] | None:
    """`E1份`, `D12份`: the digits may belong to the place or to the amount; `H1，`, `(云谷)` are places."""
    split = re.match(r"([A-Z])\d{2,}\s*份", folded)
    if split:
        doubt = Doubt(
            "ambiguous_digit", say("“{text}”: which digits are the place, which the amount?", text=split[0])
        )
        return Place(split[1]), "__份" + stripped[split.end() :], (doubt,)
    glued = re.match(r"([A-Z])(\d)\s*份", folded)
    if glued:
        doubt = Doubt("code_or_place", say("“{text}”: a place and an amount, or a code?", text=glued[0]))
        return Place(glued[1]), stripped[1:], (doubt,)
    bracket = re.match(r"\((?![不已没])([一-鿿A-Za-z\d]{1,6})\)", folded)
    if bracket and not is_good(bracket[1]) and not is_wish(bracket[1]):
        return Place(stripped[1 : bracket.end() - 1]), stripped[bracket.end() :], ()
    letter = _LETTER.match(folded)
    if letter and not re.match(r"\s*[A-Z]\d(?!\d)", folded[letter.end() :]):
        rest = stripped[letter.end() :]
        return Place(stripped[: letter.end()]), rest, _other_zone(rest)
    return None


def _other_zone(rest: str) -> tuple[Doubt, ...]:
    """`L区（今天送K区）`: a second place in brackets."""
    if re.search(r"送|改|换", rest) and _ZONE.search(fold(rest)):
        return (Doubt("two_places", say("Two places are named: where to?")),)
    return ()


def _only_wishes(text: str) -> bool:
    reading = read_order(text)
    return bool(reading.notes) and not reading.items and not reading.words


def _only_amount(text: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:\d+|[一二两三四五])\s*份.*", fold(text)))
