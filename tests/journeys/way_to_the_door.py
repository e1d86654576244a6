"""From the order at the supplier to the doors: what every mode has in common, with its own turns."""

from __future__ import annotations

from collections.abc import Mapping

from journey_day import HOUR, Day, Phone

from lastmetre.chain.doorstep.actions.doors import Told, take_events
from lastmetre.chain.doorstep.actions.waves import end_wave, plan_wave
from lastmetre.chain.doorstep.models import Duty, Wave
from lastmetre.chain.doorstep.rules import Outcome
from lastmetre.chain.gate.actions.counting import count, count_all
from lastmetre.chain.gate.actions.receiving import finish, receive
from lastmetre.chain.gate.actions.wrong import report_missing, settle_missing
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.actions.parcels import lose
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import CaseKind, Cause, ParcelKind
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.purchase.actions.supplying import confirm, start_packing
from lastmetre.chain.purchase.models import PurchaseOrder
from lastmetre.chain.sorting.actions.carts import plan_carts, release, scan
from lastmetre.chain.sorting.models import CartRun
from lastmetre.chain.transport.actions.loads import announce, leave, put_in
from lastmetre.chain.transport.models import Load
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

FEW = 4


def order_at_the_shop(day: Day) -> PurchaseOrder:
    """What was shared out is ordered, in whole cases."""
    return day.act(day.who("liaison"), place_order, day.row)


def packed_from(day: Day, order: PurchaseOrder, bags_a_box: int | None = None) -> None:
    """The supplier confirms and packs a bag a household (FC2c, FC2e)."""
    shop = day.who("supplier_clerk")
    day.act(shop, confirm, order)
    day.act(shop, start_packing, order)
    day.act(shop, pack, day.refresh(), bags_a_box=bags_a_box)
    assert day.refresh().state == "packed"


def packed_by_the_shop(day: Day, bags_a_box: int | None = None) -> None:
    """Ordered and packed, nothing short."""
    packed_from(day, order_at_the_shop(day), bags_a_box)


def _on_the_way(day: Day, driver: Phone, *, is_own: bool) -> tuple[Load, int]:
    when = {"expected_at": day.town.now + 20 * HOUR}
    load = day.act(driver, announce, day.row, Vehicle("鄂F12345", is_own=is_own), **when)
    bags = day.act(driver, put_in, load)
    return day.act(driver, leave, load, counted=bags), bags


def to_the_gate(day: Day) -> None:
    """Loaded, brought by the supplier, counted at the gate by a named person."""
    load, bags = _on_the_way(day, day.who("supplier_clerk"), is_own=False)
    keeper = day.who("gate_keeper")
    arrival = day.act(keeper, receive, day.refresh(), load=load)
    assert day.act(keeper, count_all, arrival, counted=bags) == bags
    day.act(keeper, finish, arrival)
    assert day.refresh().state == "arrived"


def fetched_in_boxes(day: Day, missing: str) -> int:
    """The community's own vehicle fetches (FC4d); boxes are scanned at the gate, each once, and one bag is not there.

    Returns the boxes.
    """
    load, _ = _on_the_way(day, day.who("liaison"), is_own=True)
    keeper = day.who("gate_keeper")
    arrival = day.act(keeper, receive, day.refresh(), load=load)
    with acting_as(SYSTEM):
        boxes = list(Parcel.objects.filter(book=day.row.book_id, kind=ParcelKind.BOX))
    scan_ids = {box.pk: new_id() for box in boxes}
    for box in boxes * 2:  # every box twice, the second time with a lost answer
        day.act(keeper, count, arrival, qr_of(box), id=scan_ids[box.pk])
    bag = day.bags()[missing]
    day.act(keeper, report_missing, arrival, bag.pk)
    day.act(keeper, finish, arrival)
    (case,) = day.cases()
    day.act(day.who("liaison"), settle_missing, case, is_found=False)
    return len(boxes)


def sorted_onto_carts(day: Day) -> int:
    """Every bag is scanned, the first few by two phones: it lies on the cart of its stairs (ER3b); returns the carts."""
    sorter = day.who("volunteer")
    day.act(sorter, plan_carts, day.row)
    for number, label in enumerate(day.labels().values()):
        first = day.act(sorter, scan, day.row, label, id=new_id())
        if number < FEW:
            again = day.act(sorter, scan, day.row, label, id=new_id())
            assert first.run == again.run
    with acting_as(SYSTEM):
        runs = list(CartRun.objects.filter(round=day.row).order_by("number"))
    for run in runs:
        day.act(sorter, release, run)
    return len(runs)


def out_with_the_carts(day: Day, *, by_heads: bool = False, carriers: int = 2) -> int:
    """Sorted, and sent out with named people; returns the carts."""
    carts = sorted_onto_carts(day)
    blocks = list(day.town.building.values())
    some = [day.who("building_head" if by_heads else "volunteer", block) for block in blocks[:carriers]]
    going = some if by_heads else [day.who("volunteer"), *some]
    wave = day.act(day.who("liaison"), plan_wave, day.row, people=[one.actor.key for one in going])
    with acting_as(SYSTEM):
        assert Duty.objects.filter(wave=wave).count() == carts
    return carts


def scanned_at_doors(day: Day, *, fails: Mapping[str, str] = {}, by_heads: bool = False) -> None:
    """One scan a door; the first few are sent twice, because the answer was lost."""
    for number, (address, label) in enumerate(day.labels().items()):
        event = Told(new_id(), Outcome(fails.get(address, "delivered")), label, day.town.now)
        block = day.town.building[address.partition("-")[0]]
        walker = day.who("building_head", block) if by_heads else day.who("volunteer")
        for _ in range(2 if number < FEW else 1):
            (answer,) = day.act(walker, take_events, [event])
            assert answer.household == day.town.home[address].pk
            assert answer.effect in ("done", "known")


def ended_wave(day: Day) -> None:
    """The liaison settles what went wrong, and the addresses are shown no more."""
    liaison = day.who("liaison")
    for case in day.cases():
        if case.kind == CaseKind.DAMAGED:
            day.act(liaison, lose, case.parcel_id, cause=Cause.DAMAGED)
        day.act(liaison, settle_case, case, outcome="已核实")
    with acting_as(SYSTEM):
        waves = list(Wave.objects.filter(round=day.row, ended_at=None))
    for wave in waves:
        day.act(liaison, end_wave, wave)


def delivered(day: Day, *, fails: Mapping[str, str] = {}, by_heads: bool = False) -> None:
    """Carts to the doors, every door scanned, what failed settled."""
    out_with_the_carts(day, by_heads=by_heads, carriers=3)
    scanned_at_doors(day, fails=fails, by_heads=by_heads)
    ended_wave(day)
