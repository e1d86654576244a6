"""The invented people of Kaiyuan Licheng (ER3a): who lives where, how many, under what number."""

from __future__ import annotations

import random
from pathlib import Path

import yaml

from lastmetre.scenarios.naming import RARE_NAMES, person_name
from lastmetre.terms import Good, Home, Household

from .truth import home

VACANT_HOMES = 19
WITHOUT_PHONE = 5
WITHOUT_HEAD_COUNT = 4
HEAD_COUNTS = {1: 19, 2: 34, 3: 25, 4: 14, 5: 5, 6: 3}
"""Share of each household size; 2.6 heads on average."""
SURNAME_OF = {
    "4-1101": "张", "8-203": "李", "3-106": "刘", "5-1604": "王", "2-206": "陈", "2-903": "周",
    "6-302": "李", "7-601": "王", "2-1504": "肖",
}  # fmt: skip
"""Whom the chat calls by a surname."""


def homes(compound_file: Path) -> list[Home]:
    """Return every flat of the compound file: six to a floor, two to a unit."""
    compound = yaml.safe_load(compound_file.read_text(encoding="utf-8"))
    return [
        home(f"{building['name']}-{floor}{door:02}")
        for building in compound["buildings"]
        for floor in range(1, building["floors"] + 1)
        for door in range(1, 2 * len(building["units"]) + 1)
    ]


def goods(offer_file: Path) -> dict[str, Good]:
    """Return what is on offer by code, as far as the chat and the workbook speak of it."""
    offer = yaml.safe_load(offer_file.read_text(encoding="utf-8"))
    return {
        good["code"]: Good(
            code=good["code"],
            name=good["name"],
            aliases=tuple(good["aliases"]),
            specification=good["specification"],
            unit=good["unit"],
            price_fen=round(good["price_yuan"] * 100),
        )
        for good in offer["goods"]
    }


def roster(rng: random.Random, flats: list[Home], lived_in: set[Home]) -> list[Household]:
    """Settle people in the flats; a few others than `lived_in` stay empty, some phones are not known."""
    vacant = set(rng.sample([flat for flat in flats if flat not in lived_in], VACANT_HOMES))
    occupied = [flat for flat in flats if flat not in vacant]
    surnames = {home(text): surname for text, surname in SURNAME_OF.items()}
    rare = dict(
        zip(rng.sample([flat for flat in occupied if flat not in surnames], 7), RARE_NAMES, strict=True)
    )
    numbers = rng.sample(range(1, 1000), len(occupied))
    no_phone, no_count = (set(rng.sample(occupied, size)) for size in (WITHOUT_PHONE, WITHOUT_HEAD_COUNT))
    sizes = rng.choices(list(HEAD_COUNTS), list(HEAD_COUNTS.values()), k=len(occupied))
    return [
        Household(
            home=flat,
            floor=int(flat.room[:-2]),
            phone="" if flat in no_phone else f"1380000{number:04}",
            name=rare.get(flat) or person_name(rng, surnames.get(flat)),
            head_count=None if flat in no_count else size,
        )
        for flat, number, size in zip(occupied, numbers, sizes, strict=True)
    ]
