"""A round of a large compound on its way, and the list pages that matter at each stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.orders.actions.rounds import cut_off
from lastmetre.chain.orders.models import Round
from lastmetre.chain.purchase.actions.ordering import place_order
from lastmetre.chain.purchase.actions.packing import pack
from lastmetre.chain.sorting.actions.planning import plan_carts
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from parts.large import Large, ask_all, begin, build, desk_of

PAGES = {
    "asked": {
        "first page": "/",
        "rounds": "/orders/places/{place}",
        "round": "/orders/rounds/{pk}",
        "silent": "/orders/silence/{place}?of=word",
        "not ordered": "/orders/silence/{place}?of=order",
        "intake": "/orders/rounds/{pk}/intake",
        "doubts": "/orders/rounds/{pk}/review",
        "telephone": "/orders/rounds/{pk}/phone?words=101",
        "sheets of paper": "/orders/rounds/{pk}/sheets",
        "order for a household": "/orders/{pk}/for/{home}",
    },
    "shared out": {
        "sharing": "/allocation/rounds/{pk}",
        "published list": "/allocation/rounds/{pk}/list",
        "household's shares": "/allocation/households/{home}",
        "not paid": "/orders/silence/{place}?of=pay",
        "unpaid": "/settlement/rounds/{pk}/unpaid",
        "who would leave": "/settlement/rounds/{pk}/drop",
    },
    "packed": {"books": "/settlement/rounds/{pk}"},
    "on carts": {
        "supplier's bill": "/settlement/rounds/{pk}/supplier",
        "owed back": "/settlement/rounds/{pk}/refunds",
        "promises": "/settlement/rounds/{pk}/promises",
        "spare": "/settlement/rounds/{pk}/spare",
        "statement lines": "/settlement/rounds/{pk}/lines",
        "a household's account": "/settlement/rounds/{pk}/households/{home}",
        "books of the place": "/settlement/",
        "postings": "/ledger/books/{book}",
        "cases": "/ledger/cases",
    },
}


@dataclass
class Stage:
    """How far the round is, what bringing it there took, and the pages that matter there."""

    name: str
    token: str
    """Of the device of somebody who may see all of them."""
    seconds: float
    pages: dict[str, str]


def stages(households: int) -> Iterator[Stage]:
    """Bring a round of a large compound from orders to its carts, stage by stage."""
    with acting_as(SYSTEM) as now:
        large = build(households, now)
        token = desk_of(large, now)
        row = begin(large, now, stock=(households, None, households // 2))
    steps: dict[str, Callable[[Large, Round, datetime], object]] = {
        "asked": _ask,
        "shared out": _share,
        "packed": _pack,
        "on carts": _sort,
    }
    ids = {"place": large.compound.pk, "pk": row.pk, "home": large.homes[0].pk, "book": row.book_id}
    for name, do in steps.items():
        began = perf_counter()
        with acting_as(SYSTEM) as now:
            row.refresh_from_db()
            do(large, row, now)
        took = perf_counter() - began
        yield Stage(name, token, took, {page: way.format(**ids) for page, way in PAGES[name].items()})


def _ask(large: Large, row: Round, now: datetime) -> None:
    refused = [one.refusal for one in ask_all(row, large.homes, now) if one.refusal]
    assert not refused, refused[0]


def _share(large: Large, row: Round, now: datetime) -> None:
    allocate(cut_off(row, by=SYSTEM, at=now), by=SYSTEM, at=now)


def _pack(large: Large, row: Round, now: datetime) -> None:
    place_order(row, by=SYSTEM, at=now)
    pack(row, by=SYSTEM, at=now)


def _sort(large: Large, row: Round, now: datetime) -> None:
    plan_carts(row, by=SYSTEM, at=now)
