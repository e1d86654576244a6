"""A compound of thousands: every list page of the relay asks a bounded number of questions and shows a page, not all."""

from __future__ import annotations

import os

from django.conf import settings
from django.test import Client
from parts.questions import asked
from parts.stages import stages

HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "160"))
"""`make faults` asks with 4,000; benchmarks/lists.py says how long each page takes."""
SMALL = 100
"""Homes of a second compound with the same day: what `make faults` asks for each of a hundred carts shows beside it."""
MOST_QUESTIONS = 20
MOST_BYTES = 130_000
A_DOOR = 1_200
"""Bytes of a volunteer's page for each of its doors."""


def of_a_day(households: int) -> dict[str, tuple[list[str], int]]:
    """Return what each page of a day asks, and its bytes."""
    found = {}
    for stage in stages(households, name=f"{households} 户"):
        for name, visit in stage.pages.items():
            desk = Client()
            desk.cookies[settings.DEVICE_COOKIE] = visit.token
            questions, answer = asked(desk, visit.address)
            assert answer.status_code == 200, (stage.name, name, answer.status_code)
            found[f"{stage.name}: {name}"] = questions, len(answer.content)
    return found


def test_list_pages_ask_few_questions_however_many_households(db: None) -> None:
    large = of_a_day(HOUSEHOLDS)
    # The second day takes as long again: only where a compound is large.
    small = of_a_day(SMALL) if HOUSEHOLDS > 10 * SMALL else large
    more = {
        name: (len(questions), len(small[name][0]))
        for name, (questions, _) in large.items()
        if len(questions) > len(small[name][0])
    }
    too_many = {
        name: len(questions) for name, (questions, _) in large.items() if len(questions) > MOST_QUESTIONS
    }
    most = {"at the doors: volunteer's carts": min(HOUSEHOLDS, 550) * A_DOOR}
    too_long = {name: size for name, (_, size) in large.items() if size > most.get(name, MOST_BYTES)}
    assert (more, too_many, too_long) == ({}, {}, {})
