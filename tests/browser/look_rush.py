"""`make look`: 600 and more mixed orders from paste to printed labels by one person in under ten minutes.

The field needed over two hours. A chat chain of some 490 orders and a workbook of 170 as people write them; every
step is a tap or a key on the pages, and what the person needs for them is reckoned with the keystroke-level model
(S. K. Card, T. P. Moran, A. Newell: The keystroke-level model for user performance time with interactive systems,
Communications of the ACM 23(7), 1980), once for somebody used to a keyboard and once for somebody who is not. That
model knows no reading: Chinese is read silently at some 260 words or 390 characters a minute (M. Brysbaert: How many
words do we read per minute?, Journal of Memory and Language 109, 2019). Waiting for pages is measured, not reckoned.
The round has no limits: made-up baskets know none, and each overstepped one would be a doubt of its own.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from databases import point_at
from django.db import connections
from logins import tokens
from playwright.sync_api import Browser, Locator, Page
from serving import Product, served

from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, cancel_round, open_round, prepare_round
from lastmetre.chain.orders.models import Request, Round
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.scenarios.erqi import chain, export, generate, people, phrases, sheet
from lastmetre.scenarios.erqi.truth import Truth

SEED = 1
IN_CHAT, IN_WORKBOOK = 400, 170
"""Households that order in the ordinary way; the demo's script of odd ones comes to the chat as well."""
PROMISE_S, DOUBT_S = 600.0, 5.0
POINT_S, CLICK_S, HOME_S, THINK_S = 1.10, 0.20, 0.40, 1.35
"""P, BB, H and M of the model: move the mouse to something, press it, move the hand, make up one's mind."""
KEY_S = {"used to keys": 0.28, "not used to keys": 1.20}
"""K of the model: an average typist who is no secretary, and somebody who does not know the keyboard."""
READ_S = 60 / 390
"""A character."""
MOST_LEFT = 3
PATIENCE_MS = 120_000
"""Of a shared machine."""


@dataclass
class Hands:
    """One person at a page: every tap, key and doubt counts, and every wait."""

    page: Page
    taps: int = 0
    keys: int = 0
    thoughts: int = 0
    moves: int = 0
    """Of a hand from mouse to keyboard or back."""
    read: int = 0
    """Characters of doubts."""
    waited: float = 0.0
    """Seconds that pages took to come."""
    waited_doubts: float = 0.0
    """Of these, for doubts."""
    choices: list[int] = field(default_factory=list)
    """Characters of the answers that a doubt offers behind the first."""
    doubts: list[tuple[str, int]] = field(default_factory=list)
    """Of each: what is read, keys pressed."""
    left: int = 0
    """Doubts that no button settles: they wait for somebody who asks the household."""
    on_keys: bool = False

    def tap(self, where: Locator) -> None:
        """Tap, and wait for the page that comes."""
        self.open(where, comes=True)

    def open(self, where: Locator, *, comes: bool = False) -> None:
        """Tap what opens on the same page."""
        self._move(to_keys=False)
        self.taps, self.thoughts = self.taps + 1, self.thoughts + 1
        if comes:
            self._wait(where.click)
        else:
            where.click()

    def press(self, *keys: str) -> None:
        """Press keys of which the last one brings a page."""
        self._move(to_keys=True)
        self.keys += len(keys)
        for one in keys[:-1]:
            self.page.keyboard.press(one)
        self._wait(lambda: self.page.keyboard.press(keys[-1]))

    def answer(self, *keys: str) -> None:
        """Press the keys that answer a doubt; the next shows at once, or the page of what was taken in comes."""
        self._move(to_keys=True)
        self.keys += len(keys)
        for one in keys[:-1]:
            self.page.keyboard.press(one)
        began = time.monotonic()
        asked = self.page.locator("[data-review]").get_attribute("data-review")
        with self.page.expect_response(
            lambda one: "/orders/doubts/" in one.url, timeout=PATIENCE_MS
        ) as found:
            self.page.keyboard.press(keys[-1])
            self.page.wait_for_function(
                "asked => document.querySelector('[data-review]')?.dataset.review !== asked"
                " || !document.querySelector('[data-busy]')",
                arg=asked,
                timeout=PATIENCE_MS,
            )
            shown = time.monotonic()
        if "hx-redirect" in found.value.headers:  # of an answer whose page is left, nobody sees the end
            self.page.wait_for_url("**/intake", timeout=PATIENCE_MS)
            waited = time.monotonic() - began
        else:
            self.page.wait_for_function("() => !document.querySelector('[data-busy]')", timeout=PATIENCE_MS)
            # The next doubt is read while the answer is on its way: only what is left of it is waited for.
            on_its_way = time.monotonic() - shown
            waited = shown - began + max(0.0, on_its_way - len(to_read(self.page)) * READ_S - THINK_S)
        self.waited += waited
        self.waited_doubts += waited

    def paste(self, where: Locator, text: str) -> None:
        """Tap into a field and paste (Ctrl V)."""
        self.open(where)
        self._move(to_keys=True)
        self.keys += 2
        where.fill(text)

    def give(self, where: Locator, file: Path) -> None:
        """Tap the field for a file, then the file, twice."""
        self._move(to_keys=False)
        self.taps, self.thoughts = self.taps + 3, self.thoughts + 2
        where.set_input_files(file)

    def fetch(self, where: Locator) -> bytes:
        """Tap a paper, wait for it, and print it (Ctrl P, Enter)."""
        self._move(to_keys=False)
        self.taps, self.thoughts = self.taps + 1, self.thoughts + 2
        began = time.monotonic()
        paper = self.page.request.get(where.get_attribute("href") or "", timeout=PATIENCE_MS).body()
        self.waited += time.monotonic() - began
        self._move(to_keys=True)
        self.keys += 3
        return paper

    def _wait(self, act: Callable[[], None]) -> None:
        began = time.monotonic()
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            act()
        self.waited += time.monotonic() - began

    def _move(self, *, to_keys: bool) -> None:
        self.moves += self.on_keys != to_keys
        self.on_keys = to_keys

    def seconds(self, key_s: float) -> float:
        """What the person needs, waiting apart."""
        pointed = self.taps * (POINT_S + CLICK_S) + self.keys * key_s
        return pointed + self.moves * HOME_S + self.thoughts * THINK_S + self.read * READ_S

    def a_doubt(self, key_s: float) -> float:
        """What the middle one of the doubts needs: reading, making up one's mind, keys."""
        return statistics.median(len(read) * READ_S + THINK_S + keys * key_s for read, keys in self.doubts)


def written(folder: Path) -> tuple[str, Path]:
    """Return a chat's chain and a workbook of orders, made from the demo compound's people."""
    rng, offer = random.Random(SEED), people.goods(generate.HERE / "offer.yaml")
    reserved, lived = generate.settle(random.Random(generate.SEED))
    free = [one for one in lived if one.home not in reserved]
    in_chat = rng.sample(free, IN_CHAT)
    others = [one for one in free if one not in in_chat and one.home.building not in export.CHAT_ONLY]
    nicknames = rng.sample(phrases.NICKNAMES, len(phrases.NICKNAMES))
    lines = chain.write(rng, Truth(), in_chat, offer, nicknames)
    orders = export.orders(rng, Truth(), rng.sample(others, IN_WORKBOOK), nicknames)
    sheet.write_export(folder / export.FILE, orders, offer)
    return "\n".join(lines), folder / export.FILE


@pytest.fixture
def rush(
    cluster: Cluster,
    template_database: str,
    key_file: Path,
    tmp_path: Path,
    django_db_blocker: Any,
) -> Iterator[tuple[Product, str]]:
    """The product with an empty round of the demo's compound, and the round's id."""
    cluster.create_database("rush", template_database)
    url, before = cluster.url(Role.APP, "rush"), dict(connections.databases["default"])
    with django_db_blocker.unblock():
        point_at(url)
        given = tokens()
        fresh = empty_round()
        connections.close_all()
        with served(url, key_file, tmp_path) as address:
            yield Product(address, given, url), fresh
        connections.close_all()
    connections.databases["default"].update(before)


def empty_round() -> str:
    """Put the demo's own round away and open one like it."""
    with acting_as(SYSTEM) as now:
        [row] = Round.objects.filter(state="open").select_related("place", "supplier")
        items = tuple(
            NewItem(
                one.product_id,
                one.code,
                one.price_fen,
                offer=one.offer_id,
                case_size=one.case_size,
                stock=None if one.stock is None else one.stock * 4,
            )
            for one in row.items.all()
        )
        hours = [now + timedelta(hours=one) for one in (-1, 5, 20)]
        new = NewRound("第四批", *hours, items)
        cancel_round(row, why="test", by=SYSTEM, at=now)
        return str(
            open_round(prepare_round(row.place, row.supplier, new, by=SYSTEM, at=now), by=SYSTEM, at=now).pk
        )


def test_660_mixed_orders_from_paste_to_printed_labels(
    rush: tuple[Product, str], browser: Browser, tmp_path: Path
) -> None:
    product, pk = rush
    context = browser.new_context(base_url=product.address, locale="zh-CN")
    context.add_cookies(product.cookies("liaison"))
    context.set_default_timeout(PATIENCE_MS / 4)
    page = context.new_page()
    hands = Hands(page)
    text, book = written(tmp_path)
    page.goto(f"/orders/rounds/{pk}")

    hands.tap(page.locator(f'main a[href$="/rounds/{pk}/intake"]').first)
    hands.paste(page.locator("textarea"), text)
    enter(hands, pk)
    hands.give(page.locator('input[type="file"]'), book)
    enter(hands, pk)
    with acting_as(SYSTEM):
        orders = Request.objects.filter(round=pk, state="active").count()
    assert orders >= 620

    hands.tap(page.locator(f'a[href="/orders/rounds/{pk}"]').first)
    hands.open(page.locator('form[action$="/cut-off"] button'))
    hands.tap(page.locator('dialog[open] button[value="yes"]'))
    hands.tap(page.locator('main a[href*="/allocation/"]').first)
    hands.tap(page.locator('form[action$="/share-out"] button'))
    hands.tap(page.locator(f'main a[href="/printing/rounds/{pk}"]').first)
    bags, codes = labelled(hands.fetch(page.locator('main a[href*="/labels-70x50"]').first))
    told(hands, orders, bags)
    assert bags == len(codes) >= 600
    assert hands.left <= MOST_LEFT
    assert hands.seconds(KEY_S["used to keys"]) < PROMISE_S


def told(hands: Hands, orders: int, bags: int) -> None:
    """Print what it took, and each doubt, the longest first."""
    for read, keys in sorted(hands.doubts, key=lambda one: -len(one[0])):
        print(f"{len(read):3} characters, {keys} keys: {read}")
    print(
        f"{orders} orders, {bags} bags labelled: {hands.taps} taps, {hands.keys} keys, {len(hands.doubts)} doubts"
        f" ({hands.left} left), {hands.read} characters read; {hands.waited:.0f} s waited for pages and papers,"
        f" {hands.waited_doubts:.0f} of them for doubts; {sum(hands.choices)} characters of further choices"
    )
    for who, key_s in KEY_S.items():
        mine = hands.seconds(key_s)
        print(
            f"{who}: {mine:.0f} s at work, {mine + hands.waited:.0f} s in all of the {PROMISE_S:.0f} promised;"
            f" {hands.a_doubt(key_s):.1f} s a doubt read to the answer taken ({DOUBT_S:.0f} are wanted)"
        )


def enter(hands: Hands, pk: str) -> None:
    """Look at what was given, enter it, and settle what is doubted; ends where orders are taken in."""
    page = hands.page
    hands.tap(page.locator('main form[enctype] button[type="submit"]'))
    hands.thoughts += 1  # what it says, before it is entered
    hands.press("Enter")
    while page.locator("[data-review]").count():
        settle(hands)
        if page.locator("[data-review]").count() and hands.left > MOST_LEFT:
            raise AssertionError(page.locator("main").inner_text())
    if not page.url.endswith("/intake"):
        hands.tap(page.locator(f'a[href="/orders/rounds/{pk}/intake"]').first)


def settle(hands: Hands) -> None:
    """Read a doubt to the answer that Enter gives, and take it; else leave it out.

    What asks the same of several households is read once and answered for all of them.
    """
    page, keys = hands.page, hands.keys
    before = count_of(page)
    read = to_read(page)
    if not page.locator("[data-choose]").count():  # else they are read, and count above
        choices = page.locator("[data-pick]").all_inner_texts()
        hands.choices.append(sum(len("".join(text.split())) for text in choices[1:]))
    hands.read, hands.thoughts = hands.read + len(read), hands.thoughts + 1
    first = ("=",) if page.locator("[data-alike]").count() else ("Enter",)
    if page.locator("[data-choose]").count():
        first = ("1", "Enter")
    elif page.locator("[data-typed-only]").count():
        first = ("d",)  # Enter would do nothing, and says so
    for answer in (first, ("d",)):
        hands.answer(*answer)
        if not page.locator("[data-review]").count() or count_of(page) < before:
            break
    else:
        hands.left += 1
        if page.locator("[data-after]").count():
            hands.press("ArrowDown")
    hands.doubts.append((read, hands.keys - keys))


def to_read(page: Page) -> str:
    """Return what is read of a doubt; the rate is one of words, so that spaces and punctuation do not count."""
    return "".join(
        sign for text in page.locator("[data-read]").all_inner_texts() for sign in text if sign.isalnum()
    )


def count_of(page: Page) -> int:
    """Return how many doubts the page says are left."""
    found = re.search(r"\d+(?!.*\d)", page.locator(".lead").inner_text())
    return int(found[0]) if found else 0


def labelled(pdf: bytes) -> tuple[int, set[str]]:
    """Return how many bags the labels say there are, and the codes that a scanner reads from them."""
    codes: set[str] = set()
    bags = 0
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage().get_text_range()
            found = re.search(r"总\d+/(\d+)", text)
            bags = int(found[1]) if found else bags
            image = page.render(scale=203 / 72, grayscale=True).to_numpy()
            codes |= {one.text for one in zxingcpp.read_barcodes(image)}
    return bags, codes
