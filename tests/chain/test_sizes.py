"""A compound of thousands: every list page of the relay asks a bounded number of questions and shows a page, not all."""

from __future__ import annotations

import os

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from parts.stages import stages

HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "300"))
"""`make faults` asks with 4,000; benchmarks/lists.py says how long each page takes."""
MOST_QUESTIONS = 20
SUMMARIES = {"round": 20, "books": 26, "a household's account": 22, "supplier's bill": 22}
"""Pages that show everything about one thing: some more, and as many however large it is."""
MOST_BYTES = 130_000
NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config", "SELECT current_setting")


def test_list_pages_ask_few_questions_however_many_households(db: None) -> None:
    desk = Client()
    found: dict[str, tuple[int, int]] = {}
    for stage in stages(HOUSEHOLDS):
        desk.cookies[settings.DEVICE_COOKIE] = stage.token
        for name, address in stage.pages.items():
            with CaptureQueriesContext(connection) as asked:
                answer = desk.get(address)
                questions = [one for one in asked.captured_queries if not one["sql"].startswith(NO_QUESTION)]
            assert answer.status_code == 200, name
            found[name] = len(questions), len(answer.content)
    too_many = {
        name: asked for name, (asked, _) in found.items() if asked > SUMMARIES.get(name, MOST_QUESTIONS)
    }
    too_long = {name: size for name, (_, size) in found.items() if size > MOST_BYTES}
    assert (too_many, too_long) == ({}, {}), found
