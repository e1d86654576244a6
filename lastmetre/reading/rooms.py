"""Homes of a message, rooms included that lean on a building named before them, lists and ranges of rooms."""

from __future__ import annotations

import re
from dataclasses import replace

from lastmetre.reading.context import Message
from lastmetre.reading.numerals import digits, without_letter_zeros
from lastmetre.reading.places import PlaceMatch
from lastmetre.terms import Place

_BARE = re.compile(
    r"(?<![\d.\-*A-Za-z¥/#共计号付转])(?<!共 )"
    r"(?P<room>\d{4}(?!\d)|\d{3}(?!\d\d)|(?<![一-鿿])[一二三四五六七八九十]?[一二三四五六七八九]零[一二三四五六七八九])"
    r"(?:\s*(?:室|户|是(?=[\s,]|$)))?"
    r"(?=\s*(?:$|[,;.:]|[A-K](?![a-z])|各|\+|[一二两三1-9]\s*[份套箱袋包板]|\s(?!\d{4}\b)|[要来订报各每取买和跟及与都]))"
    r"(?!\s*(?:ml|g|克|斤|元|块|片|抽|枚|个|份|只|毫升|年|号楼|弄|人|户))"
)
_LISTED = re.compile(
    r"\s*(?:[/,&和及跟与])\s*(?P<room>\d{3,4})\s*室?(?!\d|\s*(?:ml|g|克|斤|元|块|片|抽|枚|个|只|毫升|[-#]))"
)
_RANGE = re.compile(r"\s*[~到至-]\s*(?P<room>\d{3,4})\s*室?(?!\d|\s*(?:ml|g|克))")


def homes_in(message: Message) -> list[PlaceMatch]:
    """Return every home that the message names, from left to right."""
    found = [match for match in message.places if match.place.room]
    for match in list(found):
        found += _listed(message, match)
    return sorted(found + bare_rooms(message, found), key=lambda match: match.start)


def bare_rooms(message: Message, found: list[PlaceMatch] | None = None) -> list[PlaceMatch]:
    """Rooms that stand without a building: behind a building or unit (1号楼 101 102), or at the very start."""
    folded = without_letter_zeros(message.folded)
    taken = [*message.places, *(found or ())]
    rooms: list[PlaceMatch] = []
    for match in _BARE.finditer(folded):
        if any(place.start < match.end() and match.start() < place.end for place in taken):
            continue
        before = [place for place in message.places if place.end <= match.start()]
        leads = not folded[: match.start()].strip(" ,.;:")
        if not (before or leads or rooms):
            continue
        building = before[-1].place.building if before else message.context.building
        unit = before[-1].place.unit if before else None
        place = Place(
            message.text[match.start() : match.end()].strip(), building, unit, digits(match["room"])
        )
        rooms.append(PlaceMatch(match.start(), match.end(), place, "room"))
    return rooms


def _listed(message: Message, first: PlaceMatch) -> list[PlaceMatch]:
    """`3-2-101/102`, `3-501、502`, `11-1201~1203`: more rooms of the same building."""
    folded = message.folded
    spanned = _RANGE.match(folded, first.end)
    last = int(spanned["room"]) if spanned else 0
    room = first.place.room or ""
    start = int(room) if room.isdecimal() else 0
    if spanned and start < last <= start + 10 and start // 100 == last // 100:
        return [
            PlaceMatch(first.end, spanned.end(), replace(first.place, room=str(room), text=str(room)), "room")
            for room in range(start + 1, last + 1)
        ]
    found: list[PlaceMatch] = []
    end = first.end
    while match := _LISTED.match(folded, end):
        place = replace(first.place, room=digits(match["room"]), text=match["room"])
        found.append(PlaceMatch(match.start("room"), match.end(), place, "room"))
        end = match.end()
    return found
