"""Writing what lies in reserve; asking for it and releasing it come with the chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lastmetre.ground.goods.actions.refusals import said_plainly
from lastmetre.ground.goods.actions.writing import (
    BATCH,
    check_categories,
    missing,
    note,
    places_of,
    products_of,
)
from lastmetre.ground.goods.drafts import NewReserve
from lastmetre.ground.goods.models import Reserve
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import say


@transaction.atomic
def save_reserves(rows: Sequence[NewReserve], *, by: Actor, at: datetime) -> None:
    """State reserves; what was stated before of the same place, tier, goods and holder is changed (YX8a)."""
    if not rows:
        return
    places = places_of(row.place for row in rows)
    for place in places.values():
        by.must(Permission.RESERVES, path=place.path)
    products_of(row.product for row in rows)
    check_categories(row.category for row in rows)
    holders = {row.holder for row in rows if row.holder}
    if Organisation.objects.filter(pk__in=holders).count() < len(holders):
        raise missing(say("One of the organisations does not exist."))
    with said_plainly():
        Reserve.objects.bulk_create(
            [
                Reserve(
                    place_id=row.place,
                    path=places[row.place].path,
                    tier=row.tier,
                    category_id=row.category,
                    product_id=row.product,
                    holder_id=row.holder,
                    weight_kg=row.weight_kg,
                    stated_at=at,
                )
                for row in rows
            ],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["place", "tier", "category", "product", "holder"],
            update_fields=["weight_kg", "stated_at"],
        )
    paths = [place.path for place in places.values()]
    note(
        "state",
        "reserve",
        list(places),
        by=by,
        at=at,
        paths=paths,
        weight_kg=sum(row.weight_kg for row in rows),
    )


@transaction.atomic
def remove_reserve(reserve: Reserve, *, by: Actor, at: datetime) -> None:
    """Say that this reserve is no more."""
    by.must(Permission.RESERVES, path=reserve.path)
    Reserve.objects.filter(pk=reserve.pk).delete()
    note("remove", "reserve", [reserve.pk], by=by, at=at, paths=[reserve.path])
