"""A round of a large compound on its way, and the list pages that matter at each stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from django.db import connection

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.doorstep.actions.waves import assign, plan_wave
from lastmetre.chain.gate.actions.counting import count_all
from lastmetre.chain.gate.actions.receiving import receive
from lastmetre.chain.ledger.models import Case, Parcel
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import ParcelKind
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.purchase.actions.supplying import confirm
from lastmetre.chain.settlement.models import Claim
from lastmetre.chain.sorting.actions.carts import scan
from lastmetre.chain.sorting.actions.planning import plan_carts
from lastmetre.chain.transport.actions.loads import dispatch, leave
from lastmetre.chain.transport.rules import Vehicle
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from parts.crew import DESK, HOUSEHOLD, Crew, hire
from parts.large import HOUR, ask_all, begin, build
from parts.trouble import claim_paid, import_strangers, send_unread, tell_doors

HOMES = (
    HOUSEHOLD,
    "building_head",
    "liaison",
    "community_worker",
    "hotline_operator",
    "commander",
    "auditor",
)
MOST_DOORS = 500
"""Of a volunteer's page: ten carts, more than anybody carries."""
FEW = 20
"""One household in so many asks late, sends what cannot be read, is not in, says that it has paid."""

PAGES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "asked": {
        "office's home": (DESK, "/"),
        **{f"{role}'s home": (role, "/") for role in HOMES},
        "rounds": (DESK, "/orders/places/{place}"),
        "round": (DESK, "/orders/rounds/{pk}"),
        "round to change": (DESK, "/orders/rounds/{pk}/change"),
        "own order": (HOUSEHOLD, "/orders/{pk}"),
        "notice": (DESK, "/orders/rounds/{pk}/notice"),
        "silent": (DESK, "/orders/silence/{place}?of=word"),
        "not ordered": (DESK, "/orders/silence/{place}?of=order"),
        "intake": (DESK, "/orders/rounds/{pk}/intake"),
        "doubts": (DESK, "/orders/rounds/{pk}/review"),
        "telephone": (DESK, "/orders/rounds/{pk}/phone?words=101"),
        "sheets of paper": (DESK, "/orders/rounds/{pk}/sheets"),
        "order for a household": (DESK, "/orders/{pk}/for/{home}"),
        "papers of orders": (DESK, "/printing/rounds/{pk}"),
        "doors": (DESK, "/places/{place}/"),
        "roster": (DESK, "/places/{place}/roster"),
    },
    "shared out": {
        "office's home": (DESK, "/"),
        **{f"{role}'s home": (role, "/") for role in HOMES},
        "round": (DESK, "/orders/rounds/{pk}"),
        "late orders": (DESK, "/orders/rounds/{pk}/late"),
        "sharing": (DESK, "/allocation/rounds/{pk}"),
        "published list": (DESK, "/allocation/rounds/{pk}/list"),
        "household's shares": (DESK, "/allocation/households/{home}"),
        "own shares": (HOUSEHOLD, "/allocation/households/{home}"),
        "own bill": (HOUSEHOLD, "/settlement/rounds/{pk}/statement"),
        "not paid": (DESK, "/orders/silence/{place}?of=pay"),
        "unpaid": (DESK, "/settlement/rounds/{pk}/unpaid"),
        "who would leave": (DESK, "/settlement/rounds/{pk}/drop"),
        "to order": (DESK, "/purchase/rounds/{pk}"),
    },
    "ordered": {
        "supplier_clerk's home": ("supplier_clerk", "/"),
        "supplier's desk": ("supplier_clerk", "/purchase/"),
        "supplier's order": ("supplier_clerk", "/purchase/orders/{order}"),
        "order at the supplier": (DESK, "/purchase/orders/{order}"),
        "good to pack": ("supplier_clerk", "/purchase/orders/{order}/goods/{good}"),
        "bags to pack": ("supplier_clerk", "/purchase/orders/{order}/bags"),
        "bag to pack": ("supplier_clerk", "/purchase/orders/{order}/bags/{home}"),
        "books": (DESK, "/settlement/rounds/{pk}"),
    },
    "packed": {
        "packed bags": ("supplier_clerk", "/purchase/orders/{order}/bags"),
        "loads": ("supplier_clerk", "/transport/rounds/{pk}"),
        "gate before": ("gate_keeper", "/gate/"),
        "papers": (DESK, "/printing/rounds/{pk}"),
        "lists of doors": (DESK, "/printing/rounds/{pk}/lists"),
        "list of doors": (DESK, "/printing/rounds/{pk}/lists/1"),
        "books": (DESK, "/settlement/rounds/{pk}"),
    },
    "on its way": {
        "driver's home": ("driver", "/"),
        "gate_keeper's home": ("gate_keeper", "/"),
        "trips": ("driver", "/transport/"),
        "loads": ("supplier_clerk", "/transport/rounds/{pk}"),
        "load": ("driver", "/transport/loads/{load}"),
        "what comes": ("gate_keeper", "/gate/"),
        "gate of a round": ("gate_keeper", "/gate/rounds/{pk}"),
    },
    "at the gate": {
        "gate_keeper's home": ("gate_keeper", "/"),
        "receiver's home": ("receiver", "/"),
        "arrivals": ("gate_keeper", "/gate/"),
        "arrival": ("gate_keeper", "/gate/arrivals/{arrival}"),
        "bag at the gate": ("gate_keeper", "/gate/arrivals/{arrival}/bags/{bag}"),
        "rounds to sort": ("receiver", "/sorting/"),
    },
    "on carts": {
        "arrival": ("gate_keeper", "/gate/arrivals/{arrival}"),
        "rounds to sort": ("volunteer", "/sorting/"),
        "sorting": ("volunteer", "/sorting/rounds/{pk}"),
        "cart": ("volunteer", "/sorting/runs/{run}"),
        "waves before": (DESK, "/doorstep/rounds/{pk}"),
        "supplier's bill": (DESK, "/settlement/rounds/{pk}/supplier"),
        "owed back": (DESK, "/settlement/rounds/{pk}/refunds"),
        "statement lines": (DESK, "/settlement/rounds/{pk}/lines"),
        "books of the place": (DESK, "/settlement/"),
        "books of the ledger": (DESK, "/ledger/"),
        "postings": (DESK, "/ledger/books/{book}"),
    },
    "at the doors": {
        "office's home": (DESK, "/"),
        **{f"{role}'s home": (role, "/") for role in (*HOMES, "volunteer")},
        "waves": (DESK, "/doorstep/rounds/{pk}"),
        "duty": (DESK, "/doorstep/duties/{duty}"),
        "pickup": (DESK, "/doorstep/rounds/{pk}/pickup"),
        "where": (DESK, "/doorstep/where/{home}"),
        "own bag": (HOUSEHOLD, "/doorstep/where/{home}"),
        "volunteer's carts": ("volunteer", "/doorstep/mine"),
        "lists of doors": (DESK, "/printing/rounds/{pk}/lists"),
        "list of doors": (DESK, "/printing/rounds/{pk}/lists/1"),
        "books": (DESK, "/settlement/rounds/{pk}"),
        "a household's account": (DESK, "/settlement/rounds/{pk}/households/{home}"),
        "promises": (DESK, "/settlement/rounds/{pk}/promises"),
        "spare": (DESK, "/settlement/rounds/{pk}/spare"),
        "funds": (DESK, "/settlement/funds"),
        "cases": (DESK, "/ledger/cases"),
        "rounds": (DESK, "/orders/places/{place}"),
        "doors": (DESK, "/places/{place}/"),
        "roster": (DESK, "/places/{place}/roster"),
    },
    "being settled": {
        "office's home": (DESK, "/"),
        **{f"{role}'s home": (role, "/") for role in (*HOMES, "volunteer")},
        "round": (DESK, "/orders/rounds/{pk}"),
        "waves": (DESK, "/doorstep/rounds/{pk}"),
        "lists of doors": (DESK, "/printing/rounds/{pk}/lists"),
        "cases": (DESK, "/ledger/cases"),
        "case": (DESK, "/ledger/cases/{case}"),
        "books": (DESK, "/settlement/rounds/{pk}"),
        "unpaid": (DESK, "/settlement/rounds/{pk}/unpaid"),
        "claim": (DESK, "/settlement/claims/{claim}"),
        "owed back": (DESK, "/settlement/rounds/{pk}/refunds"),
        "statement lines": (DESK, "/settlement/rounds/{pk}/lines"),
        "supplier's bill": (DESK, "/settlement/rounds/{pk}/supplier"),
        "journal": ("auditor", "/journal"),
    },
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A page, and what signs in somebody who works with it."""

    token: str
    address: str


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the round is, what bringing it there took, and the pages that matter there."""

    name: str
    seconds: float
    pages: dict[str, Visit]


def stages(households: int, *, name: str = "东辰心语") -> Iterator[Stage]:
    """Bring a round of a large compound from orders to doors and payments, stage by stage."""
    with _unhurried() as now:
        large = build(households, now, name=name)
        row = begin(large, now, stock=(households, None, households // 2))
        crew = hire(large, row, now)
    ids: dict[str, object] = {
        "place": large.compound.pk,
        "pk": row.pk,
        "home": large.homes[0].pk,
        "book": row.book_id,
    }
    for stage, do in STEPS.items():
        began = perf_counter()
        with _unhurried() as now:
            row.refresh_from_db()
            ids |= do(crew, now)
        took = perf_counter() - began
        pages = {page: Visit(crew.token(who), way.format(**ids)) for page, (who, way) in PAGES[stage].items()}
        yield Stage(stage, took, pages)


@contextmanager
def _unhurried() -> Iterator[datetime]:
    """Do for thousands at once what a request does for one, beside whatever else runs on the machine."""
    with acting_as(SYSTEM) as now, connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield now


def _ask(crew: Crew, now: datetime) -> dict[str, object]:
    few = len(crew.large.homes) // FEW
    _ask_for(crew, crew.large.homes[:-few], now)
    send_unread(crew.round, few, now)
    return {}


def _ask_for(crew: Crew, homes: Sequence[Household], now: datetime) -> None:
    refused = [one.refusal for one in ask_all(crew.round, homes, now) if one.refusal]
    assert not refused, refused[0]


def _share(crew: Crew, now: datetime) -> dict[str, object]:
    row = cut_off(crew.round, by=SYSTEM, at=now)
    _ask_for(crew, crew.large.homes[-(len(crew.large.homes) // FEW) :], now)
    allocate(row, by=SYSTEM, at=now)
    return {}


def _order(crew: Crew, now: datetime) -> dict[str, object]:
    order = place_order(crew.round, by=SYSTEM, at=now)
    confirm(order, by=SYSTEM, at=now)
    return {"order": order.pk, "good": order.lines.order_by("item__number")[0].pk}


def _pack(crew: Crew, now: datetime) -> dict[str, object]:
    return {"bag": pack(crew.round, by=SYSTEM, at=now)[-1].pk}


def _load(crew: Crew, now: datetime) -> dict[str, object]:
    vehicle = Vehicle("鄂A12345", "王师傅", driver=crew.of["driver"].person)
    load = dispatch(crew.round, vehicle=vehicle, expected_at=now + HOUR, by=SYSTEM, at=now)
    leave(load, by=SYSTEM, at=now)
    return {"load": load.pk}


def _arrive(crew: Crew, now: datetime) -> dict[str, object]:
    load = crew.round.loads.get()
    return {"arrival": receive(crew.round, load=load, by=SYSTEM, at=now).pk}


def _sort(crew: Crew, now: datetime) -> dict[str, object]:
    """Count everything in and put a cart's bags on it."""
    arrival = crew.round.arrivals.get()
    bags = Parcel.objects.filter(book=crew.round.book_id, kind=ParcelKind.BAG).order_by("number")
    count_all(arrival, counted=bags.count(), by=SYSTEM, at=now)
    plan_carts(crew.round, by=SYSTEM, at=now)
    run = crew.round.carts.earliest("number")
    for one in run.placements.select_related("parcel"):
        scan(crew.round, qr_of(one.parcel), id=new_id(), by=SYSTEM, at=now)
    return {"run": run.pk}


def _send(crew: Crew, now: datetime) -> dict[str, object]:
    """Send all out; one volunteer has so many carts that their page holds MOST_DOORS doors, or half of all."""
    wave = plan_wave(crew.round, by=SYSTEM, at=now)
    doors, duties = 0, list(wave.duties.order_by("cart"))
    most = min(MOST_DOORS, len(crew.large.homes) // 2)
    for duty in duties:
        if doors < most:
            assign(duty, crew.of["volunteer"].person, by=SYSTEM, at=now)
            doors += duty.drops.count()
    return {"duty": duties[0].pk}


def _settle(crew: Crew, now: datetime) -> dict[str, object]:
    homes, few = crew.large.homes, len(crew.large.homes) // FEW
    tell_doors(homes[:few], now)
    claim_paid(crew.round, homes[few : 2 * few], now)
    import_strangers(crew.round, few, now)
    return {
        "case": Case.objects.filter(book=crew.round.book_id)[0].pk,
        "claim": Claim.objects.filter(book=crew.round.book_id)[0].pk,
    }


Step = Callable[[Crew, datetime], dict[str, object]]
STEPS: dict[str, Step] = {
    "asked": _ask,
    "shared out": _share,
    "ordered": _order,
    "packed": _pack,
    "on its way": _load,
    "at the gate": _arrive,
    "on carts": _sort,
    "at the doors": _send,
    "being settled": _settle,
}
