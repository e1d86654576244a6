"""The same request key, sent by many at once, takes effect once (trust.md 2)."""

from __future__ import annotations

import json
import os
import threading
from collections import defaultdict
from random import Random

from django.db import connections
from django.test import RequestFactory
from test_api_root import WORKER, resolve, small_api

from lastmetre.ground.journal.models import AnsweredRequest, Entry
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SENDERS = 8
KEYS = int(os.environ.get("KEYS", "25"))
"""`make faults` sends 300."""


def test_many_senders_of_the_same_keys_have_one_effect_a_key(own_database: str) -> None:
    api = small_api()
    answers: dict[int, set[bytes]] = defaultdict(set)
    failures: list[object] = []

    def send(sender: int) -> None:
        try:
            for number in Random(sender).sample(range(KEYS), KEYS):
                order = {"door": "01890000-0000-7000-8000-000000000000", "bags": number}
                asked = RequestFactory().generic(
                    "POST",
                    "/orders",
                    json.dumps(order),
                    "application/json",
                    headers={"Authorization": "Bearer t", "Idempotency-Key": f"key-{number}"},
                )
                asked.actor = WORKER  # type: ignore[attr-defined]
                with acting_as(WORKER):
                    answer = resolve(api, asked)
                if answer.status_code != 200:
                    failures.append((number, answer.status_code, answer.content))
                answers[number].add(answer.content)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(SENDERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert {number: len(found) for number, found in answers.items() if len(found) != 1} == {}
    with acting_as(SYSTEM):
        assert Entry.objects.count() == KEYS
        assert AnsweredRequest.objects.count() == KEYS
