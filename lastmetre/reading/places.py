"""Addresses in free text: lanes, buildings, units, rooms and the names people give to places.

`find_places` returns every address in a text with its position; `read_address` reads a text that is
nothing but one address. Costs a few regular expressions a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lastmetre.reading.folding import fold
from lastmetre.reading.numerals import digits, without_letter_zeros
from lastmetre.reading.vocabulary import PLACE_WORD, TITLES, UNIT, is_good, is_person
from lastmetre.terms import Compound, Doubt, Place, say

_N = r"\d{1,3}"
_CN = "[一二三四五六七八九十]{1,3}"
_CN_ROOM = "[零〇一二三四五六七八九幺]{3,4}"
_ROOM = r"\d{3,4}"
_NOT_AMOUNT = r"(?!\d|\.\d|(?:kg|g|ml|克|斤|公斤|千克|毫升|升|元|块钱|抽|年|%))"
_ROOM_END = r"(?:\s*(?:室|户|房间?|号房?(?!楼)|是(?=$|[\s,.;!+A-Za-z\d])))?"
_SEP = r"\s*[-/_~·]\s*"
_NAME = rf"(?:(?<![一-鿿×*])[一-鿿]{{1,2}}[{PLACE_WORD}](?<![小社]区)(?<!邻居))?"
_BUILDING_END = r"(?:号楼|好楼|号搂|[懂动](?=\s*\d{3})|号栋|栋楼|栋|幢|座楼|座|\#楼|\#|号|楼)"
_UNIT_END = r"(?:单元|号门|门栋|门|梯位?|楼道)"
_LANE = (
    r"(?:(?:[一-鿿×*]{0,14}[路街道])?\s*(?P<lane>\d{1,4}|[零〇一二三四五六七八九十百千]{1,6})\s*弄"
    r"(?:[^\d,;\n号]{0,16}?))"
)

_FORMS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        # 500弄56号602室, 12号楼3单元501, 三栋五零一, 15#602, 2栋1-501
        (
            "full",
            (
                rf"{_LANE}?(?:别墅)?(?P<building>(?:[东南西北中]区)?(?:(?<!\d){_N}|{_CN}|(?<![A-Za-z])[A-Za-z]\d?)){_NOT_AMOUNT}\s*{_BUILDING_END}"
                rf"\s*[-,.]?\s*(?:第?(?P<unit>\d{{1,2}}|{_CN}|[东西中南北甲乙丙丁])(?:\s*{_UNIT_END}|(?=-\d{{3}}))\s*[-,.]?\s*)?"
                rf"(?:(?P<floor>\d{{1,2}}|{_CN})楼)?第?(?P<room>{_ROOM}{_NOT_AMOUNT}|\d{{1,2}}[A-F](?![A-Za-z\d])|{_CN_ROOM}){_ROOM_END}"
            ),
        ),
        # 三-五零一, 六-二-七零一 as spoken with 杠
        (
            "spoken",
            rf"(?P<building>(?<!\d){_N}|{_CN}){_SEP}(?:(?P<unit>\d{{1,2}}|{_CN}){_SEP})?(?P<room>{_CN_ROOM}|{_ROOM}(?!\d)){_ROOM_END}(?<=[零〇一二三四五六七八九幺])",
        ),
        # 南楼601, 商铺17号
        ("named", rf"(?P<building>[东南西北前后主副]楼)\s*(?P<room>{_ROOM}){_NOT_AMOUNT}{_ROOM_END}"),
        # 23号11楼04室
        (
            "floor",
            rf"{_LANE}?(?P<building>(?<!\d){_N})\s*{_BUILDING_END}\s*(?P<room>\d{{1,2}}[楼层]\s*\d{{2}})\s*[室号户]",
        ),
        # Room 602, No. 56, Lane 500
        (
            "english",
            (
                r"(?i:(?:room|rm\.?|flat|unit|apt\.?)\s*(?P<room>\d{3,4})\s*,?\s*(?:no\.?|building|bldg\.?|block|bld)\s*(?P<building>\d{1,3})"
                r"(?:\s*,?\s*lane\s*(?P<lane>\d{1,4}))?)"
            ),
        ),
        # 7-2-903, 168-3-602
        (
            "three",
            (
                rf"(?<![A-Za-z\d.-])(?P<building>{_NAME}\d{{1,4}}|(?<![A-Za-z])[A-Za-z]\d{{0,2}}){_SEP}(?P<unit>\d{{1,2}}|[A-Za-z]){_SEP}"
                rf"(?P<room>{_ROOM}){_NOT_AMOUNT}{_ROOM_END}"
            ),
        ),
        # 3-501, 友园12-404, A-1203, 500弄56-602
        (
            "two",
            rf"(?:{_LANE}|(?<![A-Za-z\d.-]))(?P<building>{_NAME}{_N}|(?<![A-Za-z])[A-Za-z]\d{{0,2}}){_SEP}(?P<room>{_ROOM}){_NOT_AMOUNT}{_ROOM_END}",
        ),
        # 2单元301
        (
            "unit",
            rf"第?(?P<unit>\d{{1,2}}|{_CN}){_UNIT_END}\s*[-,]?\s*(?P<room>{_ROOM}{_NOT_AMOUNT}|{_CN_ROOM}){_ROOM_END}",
        ),
        # 12号楼2单元
        (
            "stair",
            rf"(?P<building>(?<!\d){_N}|{_CN}|(?<![A-Za-z])[A-Za-z])\s*{_BUILDING_END}\s*(?P<unit>\d{{1,2}}|{_CN})\s*{_UNIT_END}",
        ),
        # 2单元全部, 三门合计
        ("staircase", rf"第?(?P<unit>(?<!\d)\d{{1,2}}|{_CN})(?:单元|[门梯](?=全部|合计|一共|总共|[:]))"),
        # A1203, B座1203
        (
            "letter",
            rf"(?<![A-Za-z\d])(?P<building>[A-Za-z])(?:\s*[座栋幢区楼]\s*)?(?P<room>{_ROOM}){_NOT_AMOUNT}{_ROOM_END}",
        ),
        # 别墅12, 500弄29号, 56号楼, 88#
        ("villa", rf"(?P<building>(?:别墅|商铺|店铺|门面)\s*{_N})(?:\s*号)?"),
        ("house", rf"{_LANE}(?P<building>{_N}|{_CN})\s*{_BUILDING_END}"),
        (
            "building",
            rf"(?<![\d.-])(?P<building>{_N}|(?<![一二三四五六七八九十]){_CN})\s*(?:号楼|栋|幢|\#楼?|座)",
        ),
        # 501室
        ("room", rf"(?<![\d.-])(?P<room>{_ROOM}|{_CN_ROOM})\s*[室户房](?!内)"),
    )
)


def _named_buildings(compound: Compound | None) -> list[tuple[str, re.Pattern[str]]]:
    """桂香楼501: buildings that the compound calls by words."""
    names = [
        re.escape(name)
        for building in (compound.buildings if compound else ())
        for name in (building.name, *building.aliases)
        if len(name) > 1 and not re.search(r"\d|^[零一二三四五六七八九十]+(?:号|栋|幢|座|楼|#)", name)
    ]
    if not names:
        return []
    longest_first = "|".join(sorted(names, key=len, reverse=True))
    unit = rf"(?:(?P<unit>\d{{1,2}})\s*(?:{_UNIT_END}|-)\s*)?"
    pattern = rf"(?P<building>{longest_first})\s*[-,/]?\s*{unit}(?P<room>{_ROOM}){_ROOM_END}"
    return [("named", re.compile(pattern))]


_TYPED_DASH = re.compile(r"(?<=[\d一二三四五六七八九十])杠(?=[\d一二三四五六七八九零])")
_LETTER_ONE = re.compile(r"(?<=[栋幢楼#])[lI](?=\d{2,3})")


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """An address found in a text, at characters [start, end)."""

    start: int
    end: int
    place: Place
    form: str
    """Which way of writing it was: together, full, three, two, unit, stair, staircase, letter, villa, house, building, room."""


def find_places(text: str, compound: Compound | None = None) -> list[PlaceMatch]:
    """Return the addresses of `text` from left to right, none overlapping another."""
    folded = _TYPED_DASH.sub("-", without_letter_zeros(fold(text)))
    folded = _LETTER_ONE.sub("1", folded)
    found: list[PlaceMatch] = []
    taken = [False] * (len(folded) + 1)
    for home in _run_together(folded, compound):
        taken[home.start : home.end] = [True] * (home.end - home.start)
        found.append(home)
    for form, pattern in (*_named_buildings(compound), *_FORMS):
        for match in pattern.finditer(folded):
            start, end = match.span()
            start += len(match[0]) - len(match[0].lstrip())
            if any(taken[start:end]) or start == end:
                continue
            taken[start:end] = [True] * (end - start)
            place = _place(match, text[start:end], form, compound)
            found.append(PlaceMatch(start, end, place, form))
    named = (_with_name(match, text) for match in found)
    return sorted((_with_brackets(match, text) for match in named), key=lambda match: match.start)


def _with_brackets(match: PlaceMatch, text: str) -> PlaceMatch:
    """（1-405）, 【3-1506】: the brackets belong to the address."""
    opens, closes = text[: match.start].rstrip(), text[match.end :].lstrip()
    if opens[-1:] in tuple("(（[【") and closes[:1] in tuple(")）]】"):
        return replace(match, start=len(opens) - 1, end=len(text) - len(closes) + 1)
    return match


_RUN_TOGETHER = re.compile(rf"(?<![\d.A-Za-z-])(?P<digits>\d{{5,7}}){_NOT_AMOUNT}{_ROOM_END}")


def _run_together(folded: str, compound: Compound | None) -> list[PlaceMatch]:
    """22101: digits that are just one home of the compound, its parts written without a break."""
    found = []
    households = compound.households if compound else ()
    for match in _RUN_TOGETHER.finditer(folded):
        homes = [
            one.home
            for one in households
            if match["digits"]
            in (one.home.building + one.home.unit + one.home.room, one.home.building + one.home.room)
        ]
        if len(homes) == 1:
            (home,) = homes
            place = Place(match[0], building=home.building, unit=home.unit or None, room=home.room)
            found.append(PlaceMatch(*match.span(), place, "together"))
    return found


_GLUED_NAME = re.compile(r"(?<![一-鿿\w×*])([一-鿿]{2,3})$")
_NO_NAME = re.compile(
    r"^(?:邻居|楼上|楼下|对门|隔壁|取消|退掉|撤销|删除|我家|我是|我住|家住|住在|送到|地址|改成|改为|换成|应该|不是|还是|就是|房号|楼号|代|帮|替|给|是|在|到|到我|请)"
)


def _with_name(match: PlaceMatch, text: str) -> PlaceMatch:
    """Read 紫竹3-516: a name glued to the number, of no person and no good, belongs to the building."""
    glued = _GLUED_NAME.search(text[: match.start]) if match.form in ("two", "three", "full") else None
    if glued and match.form == "full" and not re.fullmatch(r"[一-鿿][园苑]", glued[1]):
        return match  # 竹园7栋 is a building of a campus; 丽景苑7栋 stands in the compound 丽景苑
    if not glued or not match.place.building or not match.place.building.isdecimal():
        return match
    name = glued[1]
    if (
        re.search(r"[我你是在的]|团长|群主|麻烦", name)
        or is_person(name)
        or name[0] in "老小阿"
        or is_good(name)
        or _NO_NAME.match(name)
        or name.endswith(tuple(TITLES))
    ):
        return match
    place = replace(match.place, building=name + match.place.building, text=name + match.place.text)
    return replace(match, start=match.start - len(name), place=place)


def _place(match: re.Match[str], text: str, form: str, compound: Compound | None) -> Place:
    groups = {key: _part(value) for key, value in match.groupdict().items() if value and key != "floor"}
    if compound is not None and form in ("two", "three"):
        order = compound.two_parts if form == "two" else compound.three_parts
        typed = [groups[key] for key in ("building", "unit", "room") if key in groups]
        lane = {"lane": groups["lane"]} if "lane" in groups else {}
        groups = lane | dict(zip(order, typed, strict=True))
    return Place(text=text.strip(), **groups)


def _part(text: str) -> str:
    name = re.match(rf"(.*[{PLACE_WORD}铺面])\s*(\d+)$", text)
    if name:
        return name[1] + digits(name[2])
    floor = re.match(r"(\d{1,2})[楼层]\s*(\d{2})$", text)
    if floor:
        return floor[1] + floor[2]
    return digits(re.sub(r"\s", "", text)).upper()


_STREET_NUMBER = re.compile(r"[一-鿿*]+[路街道]\s*(\d{2,5})\s*号(?=.*\d)")
_LANE_AS_NUMBER = re.compile(r"([路街道])\s*(\d{1,4})号\s*(\d{1,4})弄(\s*\d{3,4})")
_NAMED_BUILDING = re.compile(
    r"[(\[][^()\[\]]*?([一-鿿]{2}楼|大厦|会所|公寓|幼儿园|活动中心|[A-Za-z东西南北主副附裙]楼|[A-Za-z]座)\s*[)\]]"
)
_GLUED = re.compile(r"弄\D{0,12}?(\d{5,6})\D*$")


def read_address(text: str, compound: Compound | None = None) -> Place:
    """Read a text that is one address; parts that are not there stay None, the text stays as typed.

    A street number in front of another number is no building (X路5899号, X路500号88#1701).
    """
    folded = without_letter_zeros(fold(text))
    # 500号56弄602室: 号 and 弄 swapped by the resident, the lane is the larger number.
    folded = _LANE_AS_NUMBER.sub(_unswapped, folded)
    folded = re.sub(r"(?<=[弄号栋幢])\s*[.\"',]+\s*", "", folded)
    lane = re.search(r"(\d{1,4}|[零〇一二三四五六七八九十百千]{1,6})\s*弄", folded)
    rest = folded[lane.end() :] if lane and re.search(r"\d", folded[lane.end() :]) else folded
    rest = rest.lstrip(" -")
    street = None if lane else _STREET_NUMBER.search(rest)
    matches = find_places(rest[street.end() :] if street else rest, compound)
    best = next((m for m in matches if m.place.building and m.place.room), matches[0] if matches else None)
    place = best.place if best else Place("")
    if street and not place.building:
        place = _street_address(rest, street, compound)
    if place.building is None and place.room is None:
        place = _bare_parts(rest if rest != folded or not lane else "")
    lane_number = digits(lane[1]) if lane else place.lane
    named = re.fullmatch(r"(?!别墅|商铺|店铺|门面)[一-鿿]+(\d+)", place.building or "") if lane else None
    if named:
        place = replace(place, building=named[1])  # the compound's name stands before the number
    return replace(place, text=text.strip(), lane=lane_number)


_ADDRESS_WORDS = re.compile(r"[一-鿿×*](?:省|市|区|县|镇|路|街道?)[一-鿿\d×*\s]|\d\s*弄")


def is_address(text: str) -> bool:
    """Say whether a text is nothing but a postal address (…路500弄56号602室)."""
    folded = fold(text)
    if re.match(r"(?i)\s*(?:room|rm|flat)\s*\d+.*\blane\b", folded):
        return True
    if not _ADDRESS_WORDS.search(folded) or re.search(r"[\n?!+]", folded.strip()):
        return False
    place = read_address(text)
    rooms = [match for match in find_places(text) if match.place.room]
    behind = re.sub(r"\(.*?\)", "", folded[rooms[-1].end :]) if rooms else ""
    if re.search(r"[A-Za-z]|取消|不要|[要来订加]|\d\s*[份箱]", behind) and not re.search(
        r"(?i:road|lane)", behind
    ):
        return False
    return bool(place.building or place.room or place.lane) and not re.search(
        rf"(?:\d|[一两二三])\s*(?!支弄)(?:{UNIT})", folded
    )


def address_doubts(text: str) -> tuple[Doubt, ...]:
    """Return what is odd about an address although it can be read."""
    swapped = _LANE_AS_NUMBER.search(fold(text))
    if swapped and int(swapped[2]) < int(swapped[3]):
        return (
            Doubt(
                "lane_swapped", say("The lane and the house number seem to be swapped: “{text}”.", text=text)
            ),
        )
    place = read_address(text)
    if re.search(r"\d{3,4}\s*室?\s*(?:或|/)\s*\d{3,4}", fold(text)):
        return (Doubt("two_homes", say("“{value}” names two homes.", value=text)),)
    if len({(m.place.building, m.place.unit, m.place.room) for m in find_places(text) if m.place.room}) > 1:
        return (Doubt("two_homes", say("“{value}” names two homes.", value=text)),)
    if place.room and not place.building:
        return (Doubt("building_missing", say("Which building? “{text}” names none.", text=text)),)
    if not place.room and "别墅" not in text:
        return (Doubt("room_missing", say("Which room? “{text}” names none.", text=text)),)
    if re.search(r"\d{1,2}[楼层]\s*\d{2}\s*[室号户]", fold(text)):
        return (
            Doubt(
                "floor_and_room",
                say("Is the room {room}? “{text}” gives floor and door apart.", room=place.room, text=text),
            ),
        )
    if has_phase(text):
        return (
            Doubt(
                "phase", say("Do the phases of the compound count their buildings anew? “{text}”", text=text)
            ),
        )
    return ()


def has_phase(text: str) -> bool:
    """Say whether a phase of the compound is named (二期12号楼): each may count its buildings anew."""
    return bool(re.search(r"[一二三四五\d]期", text))


def _unswapped(match: re.Match[str]) -> str:
    lane, house = sorted((match[2], match[3]), key=int, reverse=True)
    return f"{match[1]}{lane}弄{house}号{match[4]}"


def _street_address(text: str, street: re.Match[str], compound: Compound | None) -> Place:
    room = re.search(r"(?<!\d)(\d{3,4})\s*(?:室|$|\()", text[street.end() :])
    named = _NAMED_BUILDING.search(text)
    if named and room:
        # 龙X路5899号511室(X商务楼): the street number is the compound's, the building is named.
        return Place("", building=named[1], room=digits(room[1]))
    whole = find_places(text[street.start(1) :], compound)
    return whole[0].place if whole else Place("", building=digits(street[1]))


def _bare_parts(text: str) -> Place:
    glued = _GLUED.search("弄" + text)
    if glued:
        cut = len(glued[1]) - (3 if len(glued[1]) == 5 else 4)
        return Place("", building=digits(glued[1][:cut]), room=digits(glued[1][cut:]))
    house = re.search(r"(\d{1,3})\s*号(?!\d)", text)
    if house:
        return Place("", building=digits(house[1]))
    room = re.fullmatch(r"\D*(\d{3,4})\D{0,2}", text)
    return Place("", room=digits(room[1])) if room else Place("")
