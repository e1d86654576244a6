"""From the cut-off to the last paper: a compound of 10,000 residents, shared out, laid out and set.

`python benchmarks/cut_off.py` loads Dongchen Xinyu (YC1: 26 buildings, 35 units, over 10,000 residents) into an own
PostgreSQL, lets every household order, and measures cut-off, sharing, gathering and printing (bound: 60 s in all).
The bound measured in the same run is what typst needs to set the very pages in so many workers: all else (queries,
sharing, carts, layout, joining) is told as a multiple of it.

Last run, on two cores that others used as well: 3,801 bags on 5,644 pages in 35 s, 0.58 of the bound and 2.2 times the
setting alone.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from parts.own_server import own_server

BOUND_S = 60.0
SEED = 7
WORKERS = max(2, os.cpu_count() or 2)
CHOICES = (1, 2, 2, 3, 3, 4, 5)
"""How many goods a household asks for."""


@dataclass
class Clock:
    """Seconds by step, and those that this process and its ended workers had a core."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time the block and print it."""
        started, worked = perf_counter(), cpu_s()
        yield
        self.steps[name] = perf_counter() - started
        print(f"{name:28} {self.steps[name]:6.1f} s ({cpu_s() - worked:.1f} on a core)", flush=True)

    @property
    def total(self) -> float:
        """All steps together."""
        return sum(self.steps.values())


def cpu_s() -> float:
    """Return the seconds on a core of this process and of those that it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    print(f"{os.cpu_count()} cores, of which others used {os.getloadavg()[0]:.1f} in the last minute")
    profiled = "--profile" in sys.argv
    with own_server():
        row = open_and_ordered()
        run = profile if profiled else (lambda do: do())
        run(lambda: measure(row))


def profile(do: Callable[[], object]) -> None:
    """Print where the time of this process goes."""
    import cProfile
    import pstats

    watching = cProfile.Profile()
    watching.runcall(do)
    pstats.Stats(watching).sort_stats("cumulative").print_stats(60)


def open_and_ordered() -> Any:
    """Load the compound, open a round with everything on offer, let every household order."""
    from lastmetre.chain.orders.actions.bulk import place_many
    from lastmetre.chain.orders.actions.rounds import NewRound, open_round, prepare_round
    from lastmetre.cli.loading import load_scenario
    from lastmetre.ground.places.models import Household, Place
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as

    assert load_scenario("yichang") is not None
    draw = random.Random(SEED)
    with acting_as(SYSTEM) as now:
        place = Place.objects.get(name="东辰心语小区")
        supplier, items = goods_of(place, now)
        new = NewRound(
            "第一批", now - timedelta(hours=1), now + timedelta(hours=5), now + timedelta(hours=20), items
        )
        row = prepare_round(place, supplier, new, by=SYSTEM, at=now)
        row = open_round(row, by=SYSTEM, at=now)
        homes = list(Household.objects.filter(path__within=place.path).select_related("place"))
        orders = [(home, asked(draw, list(row.items.select_related("product")))) for home in homes]
        placed = place_many(row.pk, orders, by=SYSTEM, at=now)
    people = sum(home.head_count or 0 for home in homes)
    refused = sum(one.refusal is not None for one in placed)
    print(f"{len(homes)} households, {people} residents, {len(placed) - refused} orders, {refused} refused\n")
    return row


def goods_of(place: Any, now: datetime) -> tuple[Any, tuple[Any, ...]]:
    """Return the supplier with the most on offer and its goods; of each third one there is too little."""
    from lastmetre.chain.orders.actions.rounds import NewItem
    from lastmetre.chain.orders.queries.rounds import suppliers_for
    from lastmetre.ground.goods.queries.terms import offered

    supplier = suppliers_for(place.path, now)[0].supplier
    offers = list(offered(place.path, supplier.pk, now))[:20]
    return supplier, tuple(
        NewItem(
            one.product.pk,
            str(number),
            one.price_fen,
            offer=one.pk,
            case_size=one.product.case_size,
            stock=Decimal(500 if number % 3 == 0 else 20_000),
        )
        for number, one in enumerate(offers, start=1)
    )


def asked(draw: random.Random, items: Sequence[Any]) -> Any:
    """Return a household's mixed order."""
    from lastmetre.chain.orders.actions.requests import Asked, Wish
    from lastmetre.chain.orders.rules import Channel

    chosen = draw.sample(items, min(len(items), draw.choice(CHOICES)))
    wishes = tuple(Wish(one.pk, one.product.step * draw.randint(1, 3)) for one in chosen)
    return Asked(wishes, Channel.CHAT, "放门口" if draw.random() < 0.2 else "")


def measure(row: Any) -> None:
    from lastmetre.chain.allocation.actions.sharing import allocate
    from lastmetre.chain.orders.actions.rounds import cut_off
    from lastmetre.cli.language import speak
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as
    from lastmetre.papers.write import write_pack
    from lastmetre.web.printing.gathering import pack_of
    from lastmetre.web.printing.writing import Choices

    clock, choices = Clock(), Choices()
    with acting_as(SYSTEM) as now, clock.step("cut off"):
        cut_off(row, by=SYSTEM, at=now)
    with acting_as(SYSTEM) as now, clock.step("share out"):
        allocate(row, by=SYSTEM, at=now)
    with acting_as(SYSTEM) as now, clock.step("gather, plan the carts"):
        row.refresh_from_db()
        pack = pack_of(row, speak("zh"), now=now)
    with tempfile.TemporaryDirectory() as folder:
        with clock.step("lay out, set, join"):
            files = write_pack(
                pack, Path(folder), labels=choices.labels, translate=speak("zh"), workers=WORKERS
            )
        size = sum(one.stat().st_size for one in files) / 2**20
    pages = all_pages(pack)
    print(f"{len(pack.bags)} bags, {len(pack.shortages)} shortages, {len(files)} files, {size:.0f} MB")
    started = perf_counter()
    set_alone(pages)
    alone = perf_counter() - started
    print(f"typst alone, {len(pages)} pages      {alone:6.1f} s in {WORKERS} workers")
    print(
        f"cut-off to complete papers   {clock.total:6.1f} s: {clock.total / BOUND_S:.2f} of {BOUND_S:.0f} s,"
    )
    print(f"ratio {clock.total / alone:.2f} to setting the same pages alone")


def all_pages(pack: Any) -> list[Any]:
    """Lay out what `write_pack` sets, to time the setting alone."""
    from lastmetre.cli.language import speak
    from lastmetre.papers.edition import Edition
    from lastmetre.papers.label_pages import label_pages
    from lastmetre.papers.pack import LabelPer
    from lastmetre.papers.parts import number_pages
    from lastmetre.papers.sheets import SHEETS
    from lastmetre.web.printing.writing import Choices

    edition = Edition(pack, speak("zh"))
    pages = [page for kind in Choices().labels for page in label_pages(edition, kind, LabelPer.HOUSEHOLD)]
    for sheet in SHEETS:
        for part in sheet.parts(edition):
            pages += number_pages(edition, part, len(pages) + 1)
    return pages


def set_alone(pages: Sequence[Any]) -> None:
    from lastmetre.papers.typeset import PAGES_A_JOB, executor, set_pages

    with executor(WORKERS) as pool:
        jobs = [pages[first : first + PAGES_A_JOB] for first in range(0, len(pages), PAGES_A_JOB)]
        for job in [pool.submit(set_pages, job) for job in jobs]:
            job.result()


if __name__ == "__main__":
    main()
