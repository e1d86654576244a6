"""kill -9 at each step of a day, 20 times (trust 1, 6): nothing acknowledged is lost, nothing counts twice, books balance.

`make faults`. Each step is sent with its request key until it is answered, while database, server or connection die
under it; in the end every step is sent once more, and must answer the same.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from clusters import command, environment, open_folder, success, until
from running import Running, serving
from test_kills import victims

from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role

KILLS = int(os.environ.get("KILLS", "20"))
HOUSEHOLDS = 16
SENDERS = 4
PATIENCE_S = 90.0
PARTS = Path(__file__).parents[2] / "benchmarks"
SEED = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from lastmetre.cli.installation import ready
with ready(Path(sys.argv[1])):
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as
    from parts import large
    with acting_as(SYSTEM) as now:
        built = large.build(int(sys.argv[3]), now)
        print(json.dumps({
            "place": str(built.compound.pk), "supplier": str(built.supplier.pk), "token": large.desk_of(built, now),
            "homes": [str(one.pk) for one in built.homes], "products": [str(one.pk) for one in built.products],
        }))
"""


@dataclass
class Desk:
    """Somebody who sends each request until it is answered, with a key of its own."""

    port: int
    seeded: dict[str, Any]
    sent: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(method, address, body, key)."""
    answers: dict[str, Any] = field(default_factory=dict)
    """By key: what was acknowledged."""
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)

    def do(self, address: str, body: Any = None, method: str = "POST") -> Any:
        """Send until it is answered; returns the answer."""
        one = (method, address, json.dumps(body) if body is not None else "", str(uuid4()))
        self.sent.append(one)
        self.answers[one[3]] = self.send(*one)
        return self.answers[one[3]]

    def get(self, address: str) -> Any:
        """Ask until it is answered."""
        return self.send("GET", address, "", str(uuid4()))

    def send(self, method: str, address: str, body: str, key: str) -> Any:
        """Send one request, again and again, as a phone would."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            status, text = self._once(method, address, body, key)
            if 200 <= status < 300:
                return json.loads(text) if text else None
            if status and status != 503:
                self.refused.append(f"{method} {address}: {status} {text[:300]}")
                raise AssertionError(self.refused[-1])
            self.unanswered += 1
            time.sleep(0.1)
        raise AssertionError(f"{method} {address}: no answer for {PATIENCE_S} s")

    def _once(self, method: str, address: str, body: str, key: str) -> tuple[int, str]:
        forged = "f" * 32
        headers = {
            "Cookie": f"device={self.seeded['token']}; csrftoken={forged}; language=en",
            "X-CSRFToken": forged,
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, f"/api{address}", body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def many(self, requests: list[tuple[str, Any, str]]) -> None:
        """Several people send at once."""
        errors: list[BaseException] = []

        def work(mine: list[tuple[str, Any, str]]) -> None:
            try:
                for address, body, method in mine:
                    self.do(address, body, method)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(requests[one::SENDERS],)) for one in range(SENDERS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        if errors:
            raise errors[0]


def a_day(desk: Desk) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each step of a day and how it is done; what one step answers the next one uses."""
    seeded, known = desk.seeded, dict[str, Any]()
    now = time.time()
    stamp = lambda hours: time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now + hours * 3600))  # noqa: E731
    items = [
        {
            "product": pk,
            "code": code,
            "price_fen": 1000,
            "stock": HOUSEHOLDS * 2,
            "is_first_come": code == "A",
        }
        for pk, code in zip(seeded["products"], "ABC", strict=True)
    ]
    new = {"supplier": seeded["supplier"], "title": "一天", "closes_at": stamp(5), "wave_at": stamp(20)}
    yield (
        "open",
        lambda: known.update(
            desk.do(f"/orders/places/{seeded['place']}/rounds", {**new, "items": items, "id": str(uuid4())})
        ),
    )
    pk = known["id"]
    lines = [{"item": item["id"], "quantity": "1"} for item in known["items"]]
    orders = [(f"/orders/rounds/{pk}/requests/{home}", {"lines": lines}, "PUT") for home in seeded["homes"]]
    yield "orders", lambda: desk.many(orders)
    yield "cut off", lambda: desk.do(f"/orders/rounds/{pk}/move/cut-off", {})
    yield "share out", lambda: desk.do(f"/allocation/rounds/{pk}", {})
    yield "order", lambda: known.update(order=desk.do(f"/purchase/rounds/{pk}/order")["id"])
    yield "confirm", lambda: desk.do(f"/purchase/orders/{known['order']}/move/confirm", {})
    yield "pack", lambda: desk.do(f"/purchase/orders/{known['order']}/move/packed", {})
    yield "pay", lambda: desk.many(_payments(desk, pk))
    load = {"plate": "豫A12345", "expected_at": stamp(19), "driver_name": "老周", "id": str(uuid4())}
    yield "announce", lambda: known.update(load=desk.do(f"/transport/rounds/{pk}/loads", load)["id"])
    yield "load", lambda: desk.do(f"/transport/loads/{known['load']}/move/load", {})
    yield "leave", lambda: desk.do(f"/transport/loads/{known['load']}/move/leave", {"counted": HOUSEHOLDS})
    came = {"load": known["load"], "id": str(uuid4())}
    yield "receive", lambda: known.update(came=desk.do(f"/gate/rounds/{pk}/arrivals", came)["arrival"])
    yield "count", lambda: desk.many(_scans(desk, f"/gate/arrivals/{known['came']}/scans", pk))
    yield "release", lambda: desk.do(f"/gate/arrivals/{known['came']}/release", {"bags": 0})
    yield "plan", lambda: known.update(desk.do(f"/sorting/rounds/{pk}/plan"))
    yield "sort", lambda: desk.many(_scans(desk, f"/sorting/rounds/{pk}/scans", pk))
    carts = [(f"/sorting/runs/{one['id']}/release", {}, "POST") for one in known["carts"]]
    yield "carts", lambda: desk.many(carts)
    yield "wave", lambda: desk.do(f"/doorstep/rounds/{pk}/waves", {})
    events = [{"outcome": "delivered", "code": one["code"], "device_at": stamp(0)} for one in _bags(desk, pk)]
    doors = [("/doorstep/events", {"events": [{**one, "id": str(uuid4())}]}, "POST") for one in events]
    yield "doors", lambda: desk.many(doors)
    yield "settle", lambda: desk.do(f"/settlement/rounds/{pk}/settle")
    yield "close", lambda: desk.do(f"/settlement/rounds/{pk}/close")


def _payments(desk: Desk, pk: str) -> list[tuple[str, Any, str]]:
    owing = desk.get(f"/settlement/rounds/{pk}/unpaid")
    assert len(owing) == HOUSEHOLDS
    form = {"amount_fen": 3000, "how": "liaison"}
    return [
        (f"/settlement/rounds/{pk}/households/{home}/payments", {**form, "id": str(uuid4())}, "POST")
        for home in desk.seeded["homes"]
    ]


def _bags(desk: Desk, pk: str) -> list[dict[str, Any]]:
    order = desk.get(f"/purchase/rounds/{pk}/order")["id"]
    return [one for one in desk.get(f"/purchase/orders/{order}/bags") if one["code"]]


def _scans(desk: Desk, address: str, pk: str) -> list[tuple[str, Any, str]]:
    return [(address, {"code": one["code"], "id": str(uuid4())}, "POST") for one in _bags(desk, pk)]


def kill_under(running: Running, victim: Callable[[], Any], work: Callable[[], Any], within_s: float) -> None:
    """Let a process die at some moment of a step; the step is sent until it is answered."""
    errors: list[BaseException] = []

    def kill() -> None:
        time.sleep(random.uniform(0, within_s))
        found = victim()
        if found is not None:
            found.kill()

    def do() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=kill), threading.Thread(target=do)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if errors:
        raise errors[0]
    until(running.answers, 60)


SUMS = """
    SELECT 'a product or money does not add up' FROM ledger_balance GROUP BY product_id HAVING sum(amount) <> 0
    UNION ALL SELECT 'a balance is not what its lines add up to' FROM ledger_balance b
        WHERE amount <> (SELECT coalesce(sum(amount), 0) FROM ledger_line l
            WHERE l.account_id = b.account_id AND l.product_id IS NOT DISTINCT FROM b.product_id)
    UNION ALL SELECT 'something is left on ' || a.kind FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
        WHERE b.amount <> 0 AND a.kind NOT IN ('supply', 'door', 'promises')
"""
COUNTS = {
    "orders_round": 1,
    "orders_request": HOUSEHOLDS,
    "orders_requestline": HOUSEHOLDS * 3,
    "ledger_parcel": HOUSEHOLDS,
    "ledger_parcelitem": HOUSEHOLDS * 3,
    "settlement_payment": HOUSEHOLDS,
    "transport_load": 1,
    "gate_arrival": 1,
    "gate_counted": HOUSEHOLDS,
    "sorting_placement": HOUSEHOLDS,
    "doorstep_wave": 1,
    "doorstep_doorevent": HOUSEHOLDS,
    "ledger_case": 0,
}


def test_a_day_survives_kill_9_at_each_of_its_steps() -> None:
    random.seed(7)
    with open_folder() as place, serving(place / "data") as running:
        running.wait()
        seed = [*command()[:1], "-c", SEED, str(running.folder), str(PARTS), str(HOUSEHOLDS)]
        done = subprocess.run(seed, env=environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        desk = Desk(running.port, json.loads(done.stdout.splitlines()[-1]))
        ways = {name: find for name, find in victims(running).items() if name != "worker"}
        turn = itertools.cycle(ways.items())
        killed = 0
        for step, work in a_day(desk):
            name, victim = next(turn)
            within = 1.0 if step in ("orders", "pay", "count", "sort", "doors") else 0.15
            if killed < KILLS:
                kill_under(running, victim, work, within)
                killed += 1
            else:
                work()
            print(f"  {step}: {name} killed, {len(desk.answers)} acknowledged")
        sent_again(desk)
        with psycopg.connect(Cluster(running.folder).url(Role.OWNER)) as owner:
            assert [row[0] for row in owner.execute(SUMS)] == []
            found = {table: _count(owner, table) for table in COUNTS}
            assert found == COUNTS
            (state,) = owner.execute("SELECT state FROM orders_round").fetchone() or ("",)
        assert state == "closed"
        success("journal", "verify", "--data", running.folder)
        print(
            f"\n{killed} kills: {len(desk.answers)} steps acknowledged, {desk.unanswered} had to be sent again"
        )


def sent_again(desk: Desk) -> None:
    """Every request once more: the same key, the same answer, no second effect."""
    for method, address, body, key in desk.sent:
        assert desk.send(method, address, body, key) == desk.answers[key], address


def _count(owner: Any, table: str) -> int:
    return int(owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
