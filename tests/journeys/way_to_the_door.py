"""From the order at the supplier to the doors: what every mode has in common, with its own turns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.utils.timezone import localtime
from journey_day import HOUR, Day, Phone

from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import CaseKind, Cause, ParcelKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

FEW = 4


def order_at_the_shop(day: Day) -> str:
    """What was shared out is ordered, in whole cases; returns the address of the order's page."""
    page = f"/purchase/rounds/{day.row.pk}"
    day.who("liaison").tap(page)
    assert day.refresh().state == "ordered"
    return str(day.who("supplier_clerk").get(page).url)


def packed_from(day: Day, order: str, bags_a_box: int | None = None) -> None:
    """The supplier confirms and packs a bag a household (FC2c, FC2e)."""
    shop = day.who("supplier_clerk")
    shop.tap(f"{order}/move/confirm")
    shop.tap(f"{order}/move/packing")
    shop.tap(f"{order}/move/packed", bags_a_box=str(bags_a_box or ""))
    assert day.refresh().state == "packed"


def packed_by_the_shop(day: Day, bags_a_box: int | None = None) -> None:
    """Ordered and packed, nothing short."""
    packed_from(day, order_at_the_shop(day), bags_a_box)


def _on_the_way(day: Day, driver: Phone, *, is_own: bool) -> tuple[str, int]:
    when = f"{localtime(day.town.now + 20 * HOUR):%Y-%m-%dT%H:%M}"
    form = {"plate": "鄂F 12345", "driver_name": "老周", "expected_at": when, "id": str(new_id())}
    load = driver.tap(f"/transport/rounds/{day.row.pk}", **form, **({"is_own": "on"} if is_own else {})).url
    driver.tap(f"{load}/move/all")
    bags = driver.get(load).context["count"]
    driver.tap(f"{load}/move/leave", counted=str(bags + 1))
    assert day.refresh().state == "packed", "what was counted differs: it does not leave (PD6)"
    driver.tap(f"{load}/move/leave", counted=str(bags))
    assert day.refresh().state == "underway"
    return load.rpartition("/")[2], bags


def to_the_gate(day: Day) -> None:
    """Loaded, brought by the supplier, counted at the gate by a named person."""
    load, bags = _on_the_way(day, day.who("supplier_clerk"), is_own=False)
    keeper = day.who("gate_keeper")
    came = keeper.send("POST", f"/gate/rounds/{day.row.pk}/arrivals", {"load": load})["arrival"]
    assert keeper.send("POST", f"/gate/arrivals/{came}/all", {"bags": bags})["counted"] == bags
    keeper.send("POST", f"/gate/arrivals/{came}/release", {"bags": 0})
    assert day.refresh().state == "arrived"


def fetched_in_boxes(day: Day, missing: str) -> int:
    """The community's own vehicle fetches (FC4d); boxes are scanned at the gate, each once, and one bag is not there.

    Returns the boxes.
    """
    load, _ = _on_the_way(day, day.who("liaison"), is_own=True)
    keeper = day.who("gate_keeper")
    came = keeper.send("POST", f"/gate/rounds/{day.row.pk}/arrivals", {"load": load})["arrival"]
    with acting_as(SYSTEM):
        boxes = list(Parcel.objects.filter(book=day.row.book_id, kind=ParcelKind.BOX))
    scans = [{"code": qr_of(box), "id": new_id()} for box in boxes]
    for one in scans * 2:  # every box twice, the second time with a lost answer
        keeper.send("POST", f"/gate/arrivals/{came}/scans", one)
    gone = {"bag": day.bags()[missing].pk}
    case = keeper.send("POST", f"/gate/arrivals/{came}/missing", gone)["id"]
    keeper.send("POST", f"/gate/arrivals/{came}/release", {"bags": 0})
    day.who("liaison").send("POST", f"/gate/missing/{case}/settle", {"is_found": False})
    return len(boxes)


def sorted_onto_carts(day: Day) -> int:
    """Every bag is scanned, the first few by two phones: it lies on the cart of its stairs (ER3b); returns the carts."""
    sorter, here = day.who("volunteer"), f"/sorting/rounds/{day.row.pk}"
    carts = sorter.send("POST", f"{here}/plan")["carts"]
    for number, label in enumerate(day.labels().values()):
        first = sorter.send("POST", f"{here}/scans", {"code": label})
        if number < FEW:
            again = sorter.send("POST", f"{here}/scans", {"code": label})
            assert (again["cart"], again["outcome"]) == (first["cart"], "again")
    for cart in carts:
        sorter.send("POST", f"/sorting/runs/{cart['id']}/release", {})
    return len(carts)


def out_with_the_carts(day: Day, *, by_heads: bool = False, carriers: int = 2) -> int:
    """Sorted, and sent out with people who are fit for duty (FC8); returns the carts."""
    carts = sorted_onto_carts(day)
    blocks = list(day.town.building.values())
    going = [day.who("building_head" if by_heads else "volunteer", block) for block in blocks[:carriers]]
    going += [] if by_heads else [day.who("volunteer")]
    for one in going:
        day.fit(one)
    people = [one.actor.key for one in going]
    wave = day.who("liaison").send("POST", f"/doorstep/rounds/{day.row.pk}/waves", {"people": people})
    assert {one["person"] for one in wave["duties"]} <= set(people)
    assert day.refresh().state == "delivering"
    return carts


def scanned_at_doors(day: Day, *, fails: Mapping[str, str] = {}, by_heads: bool = False) -> None:
    """One scan a door, in batches as a phone sends them; the first is sent twice, because the answer was lost."""
    told: dict[Phone, list[dict[str, object]]] = defaultdict(list)
    for address, label in day.labels().items():
        block = day.town.building[address.partition("-")[0]]
        walker = day.who("building_head", block) if by_heads else day.who("volunteer")
        outcome = fails.get(address, "delivered")
        event = {
            "id": str(new_id()),
            "outcome": outcome,
            "code": label,
            "device_at": day.town.now.isoformat(),
        }
        told[walker].append(event)
    for walker, events in told.items():
        for batch in (events[:FEW], events[:FEW], events[FEW:]):
            if batch:
                answers = walker.send("POST", "/doorstep/events", {"events": batch})["answers"]
                assert {one["effect"] for one in answers} <= {"done", "known"}


def ended_wave(day: Day) -> None:
    """The liaison settles what went wrong, and the addresses are shown no more."""
    liaison = day.who("liaison")
    for case in day.cases():
        if case.kind == CaseKind.DAMAGED:
            day.act(liaison, lose, case.parcel_id, cause=Cause.DAMAGED)
        liaison.send("POST", f"/ledger/cases/{case.pk}/settle", {"outcome": "已核实"})
    for wave in liaison.send("GET", f"/doorstep/rounds/{day.row.pk}/waves"):
        liaison.send("POST", f"/doorstep/waves/{wave['id']}/end")


def fetched_by_number(day: Day, *, misses: str, stays: str) -> None:
    """Residents come down by number, building by building (FC3c); one misses a turn, one stays up and gets it brought."""
    liaison, pickup = day.who("liaison"), f"/doorstep/rounds/{day.row.pk}/pickup"
    address = {str(home.pk): text for text, home in day.town.home.items()}
    numbers = [address[one["household_id"]] for one in liaison.send("POST", pickup, {})]
    assert numbers == sorted(numbers), "numbered building by building"
    came: list[str] = []
    while batch := liaison.send("POST", f"{pickup}/call", {}):
        called = {address[one["household_id"]]: one for one in batch}
        assert len({text.partition("-")[0] for text in called}) == 1, "one building at a time"
        for text, turn in called.items():
            if text == stays or (text == misses and turn["called_at"] and text not in came):
                came.append(text)
                liaison.send("POST", f"/doorstep/turns/{turn['id']}/miss")
                if text == stays:  # rings: cannot come down
                    up = {"households": [turn["household_id"]]}
                    assert liaison.send("POST", f"{pickup}/to-doors", up) == {"count": 1}
            else:
                body = {"id": str(new_id()), "code": day.labels()[text]}
                assert liaison.send("POST", f"{pickup}/hand-out", body)["effect"] == "done"
                came.append(text)
    assert came[-1] == misses, "who missed the turn is called again, behind the others"
    assert list(day.labels()) == [stays]
    assert liaison.send("POST", f"{pickup}/end") == {"count": 0}, "nothing is written off"
    walker = day.who("volunteer")
    day.fit(walker)
    wave = liaison.send("POST", f"/doorstep/rounds/{day.row.pk}/waves", {"people": [walker.actor.key]})
    assert [one["doors"] for one in wave["duties"]] == [1]
    scanned_at_doors(day)
    ended_wave(day)


def delivered(day: Day, *, fails: Mapping[str, str] = {}, by_heads: bool = False) -> None:
    """Carts to the doors, every door scanned, what failed settled."""
    out_with_the_carts(day, by_heads=by_heads, carriers=3)
    scanned_at_doors(day, fails=fails, by_heads=by_heads)
    ended_wave(day)
