"""Writing what prices are held against: benchmarks and caps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lastmetre.ground.goods.actions.refusals import said_plainly
from lastmetre.ground.goods.actions.writing import (
    BATCH,
    check_categories,
    must_somewhere,
    note,
    places_of,
    products_of,
)
from lastmetre.ground.goods.drafts import NewBenchmark, NewCap
from lastmetre.ground.goods.models import BenchmarkPrice, PriceCap
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.protection.actor import Actor


@transaction.atomic
def add_benchmarks(rows: Sequence[NewBenchmark], *, by: Actor, at: datetime) -> None:
    """Write prices to stay below; earlier ones are kept (PD2b)."""
    if not rows:
        return
    must_somewhere(by, Permission.PRICES)
    products_of(row.product for row in rows)
    with said_plainly():
        BenchmarkPrice.objects.bulk_create(
            [
                BenchmarkPrice(
                    product_id=row.product, price_fen=row.price_fen, where=row.where, seen_at=row.seen_at
                )
                for row in rows
            ],
            batch_size=BATCH,
        )
    note("benchmark", "product", [row.product for row in rows], by=by, at=at, price_fen=rows[0].price_fen)


@transaction.atomic
def add_caps(rows: Sequence[NewCap], *, by: Actor, at: datetime) -> list[PriceCap]:
    """Put caps in force; offers above them are no longer shown there until they are lowered (ER10)."""
    if not rows:
        return []
    places = places_of(row.place for row in rows)
    for place in places.values():
        by.must(Permission.PRICES, path=place.path)
    products_of(row.product for row in rows)
    check_categories(row.category for row in rows)
    caps = [
        PriceCap(
            place_id=row.place,
            path=places[row.place].path,
            product_id=row.product,
            category_id=row.category,
            price_fen=row.price_fen,
            margin_percent=row.margin_percent,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            why=row.why,
        )
        for row in rows
    ]
    with said_plainly():
        PriceCap.objects.bulk_create(caps, batch_size=BATCH)
    paths = [place.path for place in places.values()]
    note("add", "cap", [cap.pk for cap in caps], by=by, at=at, paths=paths)
    return caps


@transaction.atomic
def end_cap(cap: PriceCap, *, by: Actor, at: datetime) -> None:
    """Lift a cap; one that has not begun is taken out."""
    by.must(Permission.PRICES, path=cap.path)
    if cap.starts_at >= at:
        PriceCap.objects.filter(pk=cap.pk).delete()
    else:
        PriceCap.objects.filter(pk=cap.pk).update(ends_at=at)
    note("end", "cap", [cap.pk], by=by, at=at, paths=[cap.path])
