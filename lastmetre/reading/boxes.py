"""A row's home from its address and its boxes (lane, building, unit, room), which may contradict each other.

Where one is silent the other decides; where they name two homes it is a doubt, never a choice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from lastmetre.reading.folding import fold
from lastmetre.reading.numerals import digits, without_letter_zeros
from lastmetre.reading.places import address_doubts, find_places, read_address
from lastmetre.terms import Compound, Doubt, Place, say

_PARTS = ("building", "unit", "room")
_ALL_PARTS = ("lane", *_PARTS)
_HIGHEST_UNIT = 12
"""A larger number before a room is a building: 53-502."""
_ROOM_DIGITS = 3
_ENDING = re.compile(r"(?:号楼|号栋|栋楼|楼栋|单元|号门|栋|幢|座|号|楼|室|户|房间?|门|弄|梯|\#|\.)+$")
_LANE = re.compile(r"(\d{1,4}|[零〇一二三四五六七八九十百千]{1,6})\s*(?:弄|号(?!\s*\d)|$)")
_LONE_PART = re.compile(
    r"[A-Za-z]?\d{1,4}[A-Za-z]?|[零〇一二三四五六七八九十百两幺]{1,5}|[A-Za-z]|[东西中南北]"
)
_TWO_PARTS = re.compile(r"(\d{1,3}|[A-Za-z])\s*[-/#]\s*(\d{1,4}[A-Za-z]?)")
_MANGLED_DATE = re.compile(r"(?:20|19)\d\d-(\d\d)-(\d\d)")
_GLUED = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_SILENT = re.compile(r"同上|无|没有|不详|不填|自提|[\W_]*")
_SEQUENCE = re.compile(r"^\s*\d{1,4}\s*[:：]\s*")
_CERTAIN_FORMS = frozenset(("full", "three", "two", "unit", "stair", "house", "building", "room"))


@dataclass(frozen=True, slots=True)
class Boxes:
    """What the columns of a row say about its home, as typed."""

    address: str = ""
    lane: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def text(self) -> str:
        """The address as typed, or the boxes one after the other."""
        return self.address or " ".join(filter(None, (self.lane, self.building, self.unit, self.room)))

    def without_fillers(self) -> Boxes:
        """Return the boxes without those that say nothing: 同上, 无, -."""
        texts = astuple(self)
        return Boxes(*("" if _SILENT.fullmatch(text) else text for text in texts)) if any(texts) else self


def read_home(boxes: Boxes, compound: Compound | None = None) -> tuple[Place, tuple[Doubt, ...]]:
    """Return the place that address and boxes agree on, or its text with the doubt that they do not."""
    boxes = boxes.without_fillers()
    mangled = [text for text in (boxes.address, boxes.building, boxes.room) if _MANGLED_DATE.fullmatch(text)]
    if mangled:
        return Place(boxes.text), (_date_doubt(mangled[0]),)
    typed = _read_boxes(boxes, compound)
    merged = _merged(typed)
    spoken = _without_lane_as_home(_read_box(boxes.address, compound), merged, compound)
    if _is_glued(boxes.address, merged) or _ends_with(boxes.address, merged):
        spoken = replace(merged, lane=spoken.lane)
    if merged.lane == merged.building:
        typed = [replace(box, lane=None) for box in typed]  # the building typed into the lane's box too
    said = [place for place in (spoken, *typed) if _says_something(place)]
    place = replace(_merged((*typed, spoken)), text=boxes.text)
    if any(_conflict(one, other) for one in said for other in said):
        return Place(boxes.text), (_two_homes(spoken, typed),)
    return _as_villa(place, compound), _doubts(boxes.address, merged, place, compound)


def _as_villa(place: Place, compound: Compound | None) -> Place:
    """别墅 in the room box of a building with one household is no room."""
    if compound is None or place.room is None or place.room[:1].isdecimal():
        return place
    homes = [entry.home for entry in compound.households if entry.home.building == place.building]
    return replace(place, room=homes[0].room or None) if len(homes) == 1 else place


def _merged(places: Sequence[Place]) -> Place:
    """Return for each part what the first place that has it says."""
    parts = {
        part: next(filter(None, (getattr(place, part) for place in places)), None) for part in _ALL_PARTS
    }
    return Place("", **parts)


def _says_something(place: Place) -> bool:
    return any(getattr(place, part) for part in _ALL_PARTS)


def _conflict(one: Place, other: Place) -> bool:
    return any(
        getattr(one, part) and getattr(other, part) and getattr(one, part) != getattr(other, part)
        for part in _ALL_PARTS
    )


def _two_homes(spoken: Place, typed: Sequence[Place]) -> Doubt:
    """Each way of believing one part of the row first is a suggestion."""
    beliefs = ((spoken,), tuple(typed), tuple(reversed(typed)))
    ways = [_merged(belief) for belief in beliefs]
    ways = [
        way if way.building and way.room else _merged((*belief, spoken, *typed))
        for way, belief in zip(ways, beliefs, strict=True)
    ]
    lanes = {place.lane for place in ways if place.lane}
    homes = tuple(
        dict.fromkeys(f"{way.lane}弄{spell(way)}" if len(lanes) > 1 else spell(way) for way in ways)
    )
    return _names_more(homes)


def _names_more(homes: tuple[str, ...]) -> Doubt:
    return Doubt(
        "two_homes", say("This row names more than one home: {homes}.", homes=" / ".join(homes)), homes
    )


def spell(place: Place) -> str:
    """Return a place in the short form that people type and the review accepts: 7-2-903."""
    return "-".join(part for name in _PARTS if (part := getattr(place, name)))


def _doubts(address: str, typed: Place, place: Place, compound: Compound | None) -> tuple[Doubt, ...]:
    """Return what is odd about an address: a second home in it, or what no boxes confirm."""
    if not address:
        return ()
    named = [match.place for match in find_places(address, compound) if match.place.room]
    if len(named) > 1 and (others := [other for other in named if _conflict(other, place)]):
        homes = tuple(dict.fromkeys(map(spell, (place, *others))))
        return (_names_more(homes),)
    if typed.building and typed.room:
        return ()
    odd = [doubt for doubt in address_doubts(address) if not (doubt.code == "room_missing" and place.room)]
    splits = _splits(address, compound) if not typed.building else []
    if len(splits) > 1:
        odd.append(Doubt("glued_address", say("Which home is “{text}”?", text=address), tuple(splits)))
    return tuple(odd)


def _splits(address: str, compound: Compound | None) -> list[str]:
    """Return the homes that five or six digits without a break may mean: 31502 is 3-1502 or 31-502."""
    run = _GLUED.search(without_letter_zeros(fold(address)))
    if run is None:
        return []
    known = {building.name for building in compound.buildings} if compound else set()
    cuts = [(run[0][:-size], run[0][-size:]) for size in (3, 4) if len(run[0]) - size in (1, 2, 3)]
    return [f"{building}-{room}" for building, room in cuts if not known or building in known]


def _read_boxes(boxes: Boxes, compound: Compound | None) -> list[Place]:
    """Return what each box says: building, unit, room, lane."""
    unit = lone_part(boxes.unit) or _read_box(boxes.unit, compound).unit or boxes.unit or None
    lane = _LANE.search(without_letter_zeros(fold(boxes.lane)))
    beside_lane = _read_box(boxes.lane, compound)
    return [
        _read_building(boxes, compound),
        Place("", unit=unit),
        _read_room(boxes, compound),
        replace(
            beside_lane if beside_lane.building and beside_lane.room else Place(""),
            lane=digits(lane[1]) if lane else None,
        ),
    ]


def _read_building(boxes: Boxes, compound: Compound | None) -> Place:
    """Read the building box: a building, a building and unit before a room box, or a whole home."""
    if not boxes.building:
        return Place("")
    if lone := lone_part(boxes.building):
        return Place("", building=lone)
    pair = _TWO_PARTS.fullmatch(_bare(boxes.building))
    if pair and boxes.room and len(pair[2]) < _ROOM_DIGITS:
        return Place("", building=digits(pair[1]).upper(), unit=digits(pair[2]))
    place = _read_box(boxes.building, compound)
    return place if place.building or place.unit else Place("", building=boxes.building)


def _read_box(text: str, compound: Compound | None) -> Place:
    return read_address(text, compound) if text else Place("")


def _read_room(boxes: Boxes, compound: Compound | None) -> Place:
    """Read the room box: a room, a whole home, or behind a building box a unit and a room."""
    if not boxes.room:
        return Place("")
    if lone := lone_part(boxes.room):
        return Place("", room=lone)
    pair = _TWO_PARTS.fullmatch(_bare(boxes.room))
    building = lone_part(boxes.building)
    if pair and boxes.building and digits(pair[1]).upper() != building:
        first = digits(pair[1]).upper()
        if _may_be_unit(first, building, compound):
            return Place("", unit=first, room=digits(pair[2]).upper())
    place = read_address(boxes.room, compound)
    return place if place.room or place.building else Place("", room=boxes.room)


def _bare(text: str) -> str:
    folded = without_letter_zeros(fold(text)).strip()
    return _ENDING.sub("", re.sub(r"是$", "室", folded)).strip()


def lone_part(text: str) -> str | None:
    """Return the number or letter of a box that holds nothing else (56号楼, 6o2, 502号。); None otherwise."""
    bare = _bare(text)
    return digits(bare).upper() if _LONE_PART.fullmatch(bare) else None


def _without_lane_as_home(spoken: Place, typed: Place, compound: Compound | None) -> Place:
    """紫龙路500号: people write 号 for 弄; the lane's number is no building or room where no box says so."""
    lanes = {spoken.lane, typed.lane, *(compound.lanes if compound else ())} - {None}
    if spoken.building in lanes and spoken.building != typed.building:
        spoken = replace(spoken, building=None)
    if spoken.room in lanes and not spoken.building:
        spoken = replace(spoken, room=None)
    return spoken


def _may_be_unit(name: str, building: str | None, compound: Compound | None) -> bool:
    units = {
        unit.name
        for known in (compound.buildings if compound else ())
        if known.name == building
        for unit in known.units
    }
    return name in units if units else not name.isdecimal() or int(name) <= _HIGHEST_UNIT


def _is_glued(address: str, typed: Place) -> bool:
    """Say whether the address writes the boxes' home without a break: 31502 is 3 | 1502."""
    run = _GLUED.search(without_letter_zeros(fold(address)))
    is_whole = bool(typed.building and typed.room)
    return run is not None and is_whole and run[0] == spell(typed).replace("-", "")


def _ends_with(address: str, typed: Place) -> bool:
    """Say whether the address ends in the boxes' numbers and has before them only those of street and lane."""
    numbers = [digits(number) for number in re.findall(r"\d+", without_letter_zeros(fold(address)))]
    parts = [part for name in _PARTS if (part := getattr(typed, name))]
    before, last = numbers[: -len(parts) or None], numbers[-len(parts) :]
    is_street = all(number == typed.lane or len(number) >= _ROOM_DIGITS for number in before)
    return bool(typed.building and typed.room) and last == parts and is_street


def _date_doubt(text: str) -> Doubt:
    month, day = (str(int(part)) for part in _MANGLED_DATE.fullmatch(text).groups())  # type: ignore[union-attr]
    return Doubt(
        "date_for_home",
        say("The workbook turned this home into a date: {text}. Which home is it?", text=text),
        (f"{month}-{day}", f"{day}-{month}"),
    )


def note_doubts(note: str, place: Place, compound: Compound | None = None) -> tuple[Doubt, ...]:
    """Return the doubt of a note that names another home than the row; none where it names the same.

    A number and a colon at its start repeat the order's number (23:1-801).
    """
    if not note:
        return ()
    text = _SEQUENCE.sub("", note)
    found = [match for match in find_places(text, compound) if match.form in _CERTAIN_FORMS]
    other = next((match.place for match in found if _differs(match.place, place)), None)
    if other is None:
        return ()
    suggestions = [spell(other) if other.room else spell(replace(place, building=other.building))]
    if spell(place):
        suggestions.append(spell(place))
    return (
        Doubt(
            "note_redirects",
            say("The note names another home: “{note}”. Where shall it go?", note=note),
            tuple(suggestions),
        ),
    )


def _differs(named: Place, place: Place) -> bool:
    return _conflict(named, place) or not (place.building or place.room)
