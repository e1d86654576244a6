"""Writing categories, products, packages, substitutes and areas' choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lastmetre.ground.goods.actions.refusals import said_plainly
from lastmetre.ground.goods.actions.writing import (
    BATCH,
    assign,
    check_categories,
    must_somewhere,
    note,
    places_of,
    products_of,
    suppliers_of,
)
from lastmetre.ground.goods.drafts import NewCategory, NewLine, NewProduct, NewSubstitute
from lastmetre.ground.goods.models import Assortment, Category, PackageContent, Product, Substitute
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.search import initials_of

_OF_PRODUCT = (
    *("code", "name", "specification", "unit", "step", "weight_g", "volume_ml", "case_size", "keeps_days"),
    *("disinfection", "standing_min", "temperature", "is_package", "contents"),
)


def pinyin_of(name: str, aliases: Iterable[str] = ()) -> str:
    """Return the initials that a name and its aliases are found by."""
    return " ".join(dict.fromkeys(one for text in (name, *aliases) for one in initials_of(text)))[:200]


@transaction.atomic
def save_categories(rows: Sequence[NewCategory], *, by: Actor, at: datetime) -> None:
    """Add categories, or change those whose code is known."""
    must_somewhere(by, Permission.CATALOGUE)
    fields = ["name", "name_en", "is_watched", "ration_g", "ration_group", "order"]
    with said_plainly():
        Category.objects.bulk_create(
            [Category(code=row.code, **{name: getattr(row, name) for name in fields}) for row in rows],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=fields,
        )
    note("save", "category", (), by=by, at=at, codes=[row.code for row in rows])


@transaction.atomic
def add_products(rows: Sequence[NewProduct], *, by: Actor, at: datetime) -> list[Product]:
    """Add products with their contents; raises InputError and adds none where one does not fit."""
    if not rows:
        return []
    _must_edit({row.owner for row in rows}, by)
    check_categories(row.category for row in rows)
    own = {row.id for row in rows}
    inside = {line.product for row in rows for line in row.lines}
    products_of(inside - own)
    products = [_product(row) for row in rows]
    with said_plainly():
        Product.objects.bulk_create(products, batch_size=BATCH)
        PackageContent.objects.bulk_create(
            [line for row in rows for line in _lines(row.id, row.lines)], batch_size=BATCH
        )
    note("add", "product", [row.id for row in rows], by=by, at=at)
    return products


@transaction.atomic
def edit_product(product: Product, row: NewProduct, *, by: Actor, at: datetime) -> dict[str, list[Any]]:
    """Make a product what the row says; id and owner stay. Returns what changed: field -> [before, after]."""
    _must_edit({product.owner_id}, by)
    check_categories([row.category])
    products_of(line.product for line in row.lines)
    wanted: dict[str, Any] = {name: getattr(row, name) for name in _OF_PRODUCT}
    wanted |= {"aliases": list(row.aliases), "category_id": row.category}
    wanted |= {"pinyin": pinyin_of(row.name, row.aliases)}
    changed = assign(product, wanted)
    changed.pop("pinyin", None)
    with said_plainly():
        product.save()
        if _set_lines(product, row.lines):
            changed["lines"] = [None, len(row.lines)]
    if changed:
        note("edit", "product", [product.pk], by=by, at=at, changed=changed)
    return changed


@transaction.atomic
def end_product(product: Product, *, by: Actor, at: datetime) -> None:
    """Take a product out of the catalogue; what names it stays."""
    _must_edit({product.owner_id}, by)
    if product.ended_at is None:
        product.ended_at = at
        product.save(update_fields=["ended_at"])
        note("end", "product", [product.pk], by=by, at=at)


@transaction.atomic
def restore_product(product: Product, *, by: Actor, at: datetime) -> None:
    """Take a product back into the catalogue; raises InputError where another has its name by now."""
    _must_edit({product.owner_id}, by)
    if product.ended_at is not None:
        product.ended_at = None
        with said_plainly():
            product.save(update_fields=["ended_at"])
        note("restore", "product", [product.pk], by=by, at=at)


@transaction.atomic
def save_substitutes(rows: Sequence[NewSubstitute], *, by: Actor, at: datetime) -> None:
    """Say what stands in for what, and in which ratio; pairs that are known are changed (YX7)."""
    must_somewhere(by, Permission.CATALOGUE)
    products_of(pk for row in rows for pk in (row.product, row.substitute))
    fields = ["ratio", "rank"]
    with said_plainly():
        Substitute.objects.bulk_create(
            [
                Substitute(
                    product_id=row.product, substitute_id=row.substitute, ratio=row.ratio, rank=row.rank
                )
                for row in rows
            ],
            update_conflicts=True,
            unique_fields=["product", "substitute"],
            update_fields=fields,
        )
    note("save", "substitute", [row.product for row in rows], by=by, at=at)


@transaction.atomic
def remove_substitute(substitute: Substitute, *, by: Actor, at: datetime) -> None:
    """Say that it no longer stands in."""
    must_somewhere(by, Permission.CATALOGUE)
    substitute.delete()
    note("remove", "substitute", [substitute.product_id], by=by, at=at)


@transaction.atomic
def add_to_assortments(pairs: Sequence[tuple[UUID, UUID]], *, by: Actor, at: datetime) -> None:
    """Put products (second) into the choice of areas (first); what is there already stays (PD10)."""
    if not pairs:
        return
    places = places_of(place for place, _ in pairs)
    for place in places.values():
        by.must(Permission.ASSORTMENT, path=place.path)
    products_of(product for _, product in pairs)
    rows = [
        Assortment(place_id=place, product_id=product, path=places[place].path) for place, product in pairs
    ]
    Assortment.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    paths = [place.path for place in places.values()]
    note("add", "assortment", list(places), by=by, at=at, paths=paths, products=len(pairs))


@transaction.atomic
def set_assortment(place: Place, products: Iterable[UUID], *, by: Actor, at: datetime) -> None:
    """Make these products the choice of an area; with none it takes that of the area above (PD10)."""
    by.must(Permission.ASSORTMENT, path=place.path)
    wanted = set(products_of(products))
    there = set(Assortment.objects.filter(place=place).values_list("product_id", flat=True))
    Assortment.objects.filter(place=place, product_id__in=there - wanted).delete()
    Assortment.objects.bulk_create(
        [Assortment(place=place, product_id=product, path=place.path) for product in wanted - there]
    )
    counts = {"added": len(wanted - there), "removed": len(there - wanted)}
    if any(counts.values()):
        note("edit", "assortment", [place.pk], by=by, at=at, paths=[place.path], **counts)


def _must_edit(owners: set[UUID | None], by: Actor) -> None:
    if None in owners:
        must_somewhere(by, Permission.CATALOGUE)
    for supplier in suppliers_of(owner for owner in owners if owner).values():
        by.must(Permission.OFFERS, path=supplier.path, organisation=supplier.pk)


def _product(row: NewProduct) -> Product:
    return Product(
        id=row.id,
        category_id=row.category,
        owner_id=row.owner,
        aliases=list(row.aliases),
        pinyin=pinyin_of(row.name, row.aliases),
        **{name: getattr(row, name) for name in _OF_PRODUCT},
    )


def _lines(package: UUID, lines: Sequence[NewLine]) -> list[PackageContent]:
    return [
        PackageContent(
            package_id=package, number=number, what=line.what, product_id=line.product, quantity=line.quantity
        )
        for number, line in enumerate(lines, start=1)
    ]


def _set_lines(product: Product, lines: Sequence[NewLine]) -> bool:
    there = [NewLine(line.what, line.product_id, line.quantity) for line in product.lines.all()]
    if there == list(lines):
        return False
    product.lines.all().delete()
    PackageContent.objects.bulk_create(_lines(product.pk, lines))
    return True
