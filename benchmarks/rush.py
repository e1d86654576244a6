"""How does a rush at what is sold until it has run out compare with the same orders one after the other (QZ10)?

`python benchmarks/rush.py [ATTEMPTS]` runs an own, durable PostgreSQL in a temporary folder: 1,200 attempts at 500
packages through the API, by 8 senders at once, then the same by one. Exactly as many are sold as there are.
"""

from __future__ import annotations

import sys
import threading
from time import perf_counter
from typing import Any

from parts.own_server import own_server

ATTEMPTS = 1_200
SENDERS = 8
THREE_DAYS_OF_HITS = 400_000
"""QZ10: one city's page in three days."""


def main() -> None:
    attempts = int(sys.argv[1]) if len(sys.argv) > 1 else ATTEMPTS
    with own_server(durable=True):
        many, sold = measure(attempts, SENDERS)
        one, sold_by_one = measure(attempts, 1)
    packages = attempts * 5 // 12
    assert sold == sold_by_one == packages, (sold, sold_by_one, packages)
    print(f"{SENDERS} senders   {attempts / many:6.0f} attempts/s, {sold} of {packages} sold")
    print(f"1 sender    {attempts / one:6.0f} attempts/s: at once is {one / many:.2f} times as fast")
    print(
        f"a day of QZ10's hits takes {THREE_DAYS_OF_HITS / 3 / (attempts / many) / 3600:.1f} h of one process"
    )


def measure(attempts: int, senders: int) -> tuple[float, int]:
    from django.conf import settings
    from django.db import connections
    from django.test import Client
    from parts.large import begin, build, desk_of

    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    with acting_as(SYSTEM) as now:
        large = build(attempts, now, name=f"大苑{senders}")
        row = begin(large, now, stock=(attempts * 5 // 12, None, None), first_come=True)
        token, item = desk_of(large, now), str(row.items.get(code="A").pk)
    homes = [home.pk for home in large.homes]
    answers: list[int] = []

    def send(mine: list[Any]) -> None:
        desk = Client()
        desk.cookies[settings.DEVICE_COOKIE] = token
        for home in mine:
            body = {"lines": [{"item": item, "quantity": "1"}]}
            address = f"/api/orders/rounds/{row.pk}/requests/{home}"
            answers.append(desk.put(address, body, content_type="application/json").status_code)
        connections.close_all()

    threads = [threading.Thread(target=send, args=(homes[one::senders],)) for one in range(senders)]
    began = perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(answers) <= {200, 422}, set(answers)
    return perf_counter() - began, answers.count(200)


if __name__ == "__main__":
    main()
