"""The orders of the 快团团 group buy, with the habits of people who fill in its boxes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lastmetre.terms import Home, Household

from . import phrases
from .truth import Truth
from .wording import Basket, basket, place_words, titled

FILE = "kuaituantuan.xlsx"
CHAT_ONLY = ("7", "8")
"""Walk-ups whose leaders collect in the chat, so that their control totals can be checked there."""
WORKBOOK_GOODS = "ABCDEFHJKLM"
FIRST_ROW = 2


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """One order: its first row carries everything, later rows are written as `later_rows` says."""

    number: int
    member: str
    receiver: str
    phone: str
    wanted: Basket
    address: str
    room_box: str
    building_box: str
    lane_box: str
    note: str = ""
    phone_as_number: bool = False
    later_rows: str = "merged"
    """'merged': blank under the first; 'zero': repeated with a total of 0; 'total': total repeated too."""
    stray_number: int | None = None
    """A wrong number on the last row, which the order's total gives away."""


def _filled(rng: random.Random, number: int, person: Household, wanted: Basket, nickname: str) -> GroupOrder:
    own_phone = person.phone and rng.random() < 0.85
    box = rng.choice
    plain = rng.random() < 0.55
    address = box(phrases.ADDRESSES)
    building, room = ("{b}", "{r}") if plain else (box(phrases.BUILDING_BOXES), box(phrases.ROOM_BOXES))
    return GroupOrder(
        number=number,
        member=nickname or person.name,
        receiver=person.name if rng.random() < 0.8 else titled(rng, person.name),
        phone=person.phone if own_phone else f"1380000{8000 + number:04}",
        wanted=wanted,
        address=place_words(address, person.home),
        room_box=place_words(room, person.home),
        building_box=place_words(building, person.home),
        lane_box=box(phrases.LANE_BOXES),
        note=box(phrases.WORKBOOK_NOTES),
        phone_as_number=rng.random() < 0.1,
        later_rows=rng.choices(("merged", "zero", "total"), (70, 15, 15))[0],
    )


BASE = "河南省郑州市二七区长江路66号院"


def _for_a_person(number: int) -> tuple[tuple[GroupOrder, str, tuple[str, ...]], ...]:
    """Orders that name two homes, or none: with the reason and the homes that wait for the answer."""
    first = GroupOrder(
        number, "半夏", "冯雨桐", "13800008801", {"A": Decimal(1), "E": Decimal(1)},
        f"{BASE}开元丽城3号楼1302室", "1302", "4", "66",
    )  # fmt: skip
    second = GroupOrder(
        number + 1, "孝顺闺女", "邓晓月", "13800008802", {"B": Decimal(1)}, f"{BASE}开元丽城6号楼404",
        "404", "6", "66", note=f"{number + 1}:麻烦改送到1-304，我爸妈家",
    )  # fmt: skip
    third = GroupOrder(
        number + 2, "无名", "周先生", "13800008803", {"C": Decimal(1), "F": Decimal(1)},
        f"{BASE}开元丽城", "同上", "", "66",
    )  # fmt: skip
    fourth = GroupOrder(
        number + 3, "小鹿乱撞🦌", "鹿鸣", "13800008804", {"A": Decimal(2)}, f"{BASE}2号楼1907室", "1907",
        "2", "66号院",
    )  # fmt: skip
    return (
        (first, "the address says 3-1302, the boxes say 4-1302", ("3-1302", "4-1302")),
        (second, "the note sends it to another home than the boxes", ("1-304", "6-404")),
        (third, "no building, no room", ()),
        (fourth, "building 2 has 18 floors", ()),
    )


def scripted_homes() -> set[str]:
    """Return the homes ('3-503') that only the doubtful orders speak of."""
    return {place for _, _, homes in _for_a_person(0) for place in homes}


def _rename_a_row(orders: list[GroupOrder]) -> list[GroupOrder]:
    """Give one order's last row a number of its own, as merging exports by hand does."""
    index = next(i for i, order in enumerate(orders) if i > 20 and len(order.wanted) > 2)
    stray = max(order.number for order in orders) + 40
    orders[index] = replace(orders[index], stray_number=stray, later_rows="merged")
    return orders


def orders(
    rng: random.Random, truth: Truth, people: Sequence[Household], nicknames: list[str]
) -> list[GroupOrder]:
    """Return all orders of the export, and note what they mean; the doubtful come in among the others."""
    made: list[GroupOrder] = []
    homes: dict[int, Home] = {}
    for number, person in enumerate(people, start=1):
        nickname = nicknames.pop() if nicknames and rng.random() < 0.4 else ""
        made.append(_filled(rng, number, person, basket(rng, WORKBOOK_GOODS), nickname))
        homes[number] = person.home
    noted = made[11]
    made[11] = replace(
        noted, note=f"{noted.number}:{homes[noted.number].building}-{homes[noted.number].room}"
    )
    doubtful = _for_a_person(len(people) + 1)
    for place, (order, _, _) in zip((9, 26, 44, 58), doubtful, strict=True):
        made.insert(place, order)
    made = _rename_a_row(made)
    _note(truth, made, homes, {order.number: (why, waiting) for order, why, waiting in doubtful})
    return made


def _note(
    truth: Truth,
    made: list[GroupOrder],
    homes: dict[int, Home],
    doubts: dict[int, tuple[str, tuple[str, ...]]],
) -> None:
    row = FIRST_ROW
    for order in made:
        if order.number in doubts:
            why, waiting = doubts[order.number]
            truth.ask(file=FILE, line=row, text=str(order.number), why=why, homes=waiting)
        else:
            where = homes[order.number]
            items = " ".join(f"{code}{qty}" for code, qty in order.wanted.items())
            truth.apply(f"{where.building}-{where.room} {items}")
        row += len(order.wanted)
