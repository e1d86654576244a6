"""`make pictures`: the pictures of docs/roles, taken from the demo as its day is played by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from serving import Product

from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import STEPS, RoundState
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

Rows = Callable[[], AbstractContextManager[None]]
OUT = Path(__file__).parents[2] / "docs/roles/pictures"
MOST_BYTES, MOST_PICTURES, MOST_STEPS = 60_000, 25, 60
PHONE = {"width": 390, "height": 780}
DESK = {"width": 1100, "height": 720}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a role sees at a stage of the day; `{pk}` is the round's id."""

    name: str
    role: str
    state: RoundState
    path: str = "/"
    then: str = ""
    """A link of the page that is followed first, by a part of its address."""
    is_desk: bool = False


OPEN, SHARED, ORDERED = RoundState.OPEN, RoundState.ALLOCATED, RoundState.ORDERED
PACKED, UNDERWAY, ARRIVED = RoundState.PACKED, RoundState.UNDERWAY, RoundState.ARRIVED
DELIVERING, SETTLING = RoundState.DELIVERING, RoundState.SETTLING
PICTURES = (
    Picture("resident-home", "household", OPEN),
    Picture("resident-order", "household", OPEN, "/orders/{pk}"),
    Picture("liaison-home", "liaison", OPEN),
    Picture("liaison-round", "liaison", OPEN, "/orders/rounds/{pk}"),
    Picture("liaison-silence", "liaison", OPEN, then="of=order"),
    Picture("liaison-doubts", "liaison", OPEN, "/orders/rounds/{pk}/review"),
    Picture("building-head-home", "building_head", OPEN),
    Picture("hotline-home", "hotline_operator", OPEN, is_desk=True),
    Picture("carer-home", "carer", OPEN),
    Picture("volunteer-home", "volunteer", OPEN),
    Picture("liaison-sharing", "liaison", SHARED, "/allocation/rounds/{pk}"),
    Picture("supplier-home", "supplier_clerk", ORDERED),
    Picture("supplier-order", "supplier_clerk", ORDERED, "/purchase/rounds/{pk}"),
    Picture("liaison-unpaid", "liaison", PACKED, "/settlement/rounds/{pk}/unpaid"),
    Picture("driver-home", "driver", OPEN),
    Picture("gate-home", "gate_keeper", UNDERWAY),
    Picture("gate-round", "gate_keeper", ARRIVED, "/gate/rounds/{pk}"),
    Picture("receiver-sorting", "receiver", ARRIVED, "/sorting/rounds/{pk}"),
    Picture("liaison-arrived", "liaison", ARRIVED, "/orders/rounds/{pk}"),
    Picture("liaison-waves", "liaison", DELIVERING, "/doorstep/rounds/{pk}"),
    Picture("liaison-books", "liaison", SETTLING, "/settlement/rounds/{pk}"),
    Picture("auditor-home", "auditor", SETTLING),
    Picture("commander-home", "commander", SETTLING, is_desk=True),
)


def test_pictures_of_a_day(product: Product, browser: Browser, rows: Rows) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with rows(), acting_as(SYSTEM):
        pk = Round.objects.get(state=OPEN).pk
    waiting = list(PICTURES)
    for state in _day(product, browser, lambda: _state(rows, pk)):
        due = [one for one in waiting if STEPS.index(one.state) <= STEPS.index(state)]
        waiting = [one for one in waiting if one not in due]
        for one in due:
            late = "" if one.state is state else f" (only at {state})"
            print(f"{one.name}: {_take(product, browser, one, str(pk)):,} bytes{late}")
    assert waiting == [], "the demo's day does not get so far"
    taken = list(OUT.glob("*.jpg"))
    assert len(taken) <= MOST_PICTURES
    assert {one.stem for one in taken} == {one.name for one in PICTURES}, "remove what is not taken any more"


def _state(rows: Rows, pk: object) -> RoundState:
    with rows(), acting_as(SYSTEM):
        return RoundState(Round.objects.get(pk=pk).state)


def _day(product: Product, browser: Browser, now: Callable[[], RoundState]) -> Iterator[RoundState]:
    """Yield each state of the round as the liaison steps the clock."""
    page = _page(product, browser, "liaison", is_desk=False)
    seen = now()
    yield seen
    for _ in range(MOST_STEPS):
        page.goto("/")
        page.locator("form.clock button[value=next]").click()
        state = now()
        if state is not seen:
            seen = state
            yield seen
        if seen in (SETTLING, RoundState.CLOSED):
            return


def _page(product: Product, browser: Browser, role: str, *, is_desk: bool) -> Page:
    context = browser.new_context(
        base_url=product.address, viewport=DESK if is_desk else PHONE, locale="zh-CN"
    )
    context.add_cookies(product.cookies(role))
    return context.new_page()


def _take(product: Product, browser: Browser, one: Picture, pk: str) -> int:
    page = _page(product, browser, one.role, is_desk=one.is_desk)
    page.goto(one.path.format(pk=pk))
    if one.then:
        page.locator(f"main a[href*='{one.then}']").first.click()
        page.wait_for_load_state()
    size = 0
    for quality in (55, 40, 25):
        size = len(page.screenshot(path=OUT / f"{one.name}.jpg", type="jpeg", quality=quality))
        if size <= MOST_BYTES:
            break
    page.context.close()
    assert size <= MOST_BYTES, one.name
    return size
