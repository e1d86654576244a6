"""The catalogue and a product's page."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.goods.actions.catalogue import (
    add_products,
    edit_product,
    end_product,
    remove_substitute,
    restore_product,
    save_substitutes,
)
from lastmetre.ground.goods.actions.writing import may_somewhere, must_somewhere
from lastmetre.ground.goods.drafts import NewSubstitute
from lastmetre.ground.goods.forms.pages import ProductForm, SubstituteForm
from lastmetre.ground.goods.forms.product_book import contents_read, contents_written
from lastmetre.ground.goods.models import PriceCap, Product
from lastmetre.ground.goods.queries.catalogue import (
    CHEAPEST,
    categories,
    products_for,
    rations,
    shelves,
    stand_ins,
    weights_of,
)
from lastmetre.ground.goods.queries.findings import benchmarks_of
from lastmetre.ground.goods.queries.found import product_or_404, substitute_or_404
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.goods.rules import Disinfection, Permission, food_days, treatment
from lastmetre.ground.goods.views.shared import area_of, own_supplier, saved, say_done
from lastmetre.ground.places.queries.regimes import in_force as regimes_in_force
from lastmetre.ground.places.regime_rules import meaning
from lastmetre.ground.protection.actor import EVERYWHERE
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import say

SHOWN_ASKS = 12
"""Suppliers on a product's page before somebody asks for all."""
USUAL_PEOPLE = Decimal(3)
_TYPED = (
    *("code", "name", "specification", "unit", "weight_g", "volume_ml", "case_size", "keeps_days"),
    *("temperature", "disinfection", "standing_min", "is_package"),
)


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """What can be had at a place, by category, and found by name, code or pinyin."""
    area = area_of(request)
    path = area.path if area else None
    category, words = request.GET.get("category", ""), request.GET.get("q", "")[:60]
    rows = products_for(path, category=category, words=words)
    page = page_of(rows, by="category__order", cursor=request.GET.get("cursor", ""))
    regime = regimes_in_force([path], request.now)[path] if path else None
    context = {
        "area": area,
        "categories": categories(),
        "category": category,
        "words": words,
        "shelves": shelves(page.rows, path, request.now, cheapest=CHEAPEST),
        "page": page,
        "where": f"?place={area.pk}" if area and request.GET.get("place") else "",
        "regime": regime,
        "regime_means": list(meaning(regime.regime)) if regime else [],
        "may_edit": may_somewhere(request.actor, Permission.CATALOGUE),
        "may_choose": bool(area and request.actor.may(Permission.ASSORTMENT, path=area.path)),
        "supplier": own_supplier(request.actor),
    }
    return render(request, "goods/catalogue.html", context)


@require_GET
def product(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A product: what it is, what is in it, who sells it for how much, what stands in for it."""
    row, area = product_or_404(pk), area_of(request)
    path = area.path if area else None
    people = _people(request.GET.get("people", ""))
    lines = list(row.lines.select_related("product"))
    inside = [line.product for line in lines if line.product]
    known = {shelf.product.pk: shelf for shelf in shelves(inside, path, request.now, cheapest=CHEAPEST)}
    (shelf,) = shelves([row], path, request.now)
    caps = PriceCap.objects.filter(in_force(request.now), product=row)
    shown = shelf.asks if request.GET.get("all") else shelf.asks[:SHOWN_ASKS]
    context = {
        "asks": shown,
        "more": len(shelf.asks) - len(shown),
        "product": row,
        "area": area,
        "shelf": shelf,
        "lines": [(line, known.get(line.product_id)) for line in lines],
        "days": food_days(weights_of(row), rations(), people).items(),
        "people": people,
        "treatment": treatment(Disinfection(row.disinfection), row.standing_min),
        "stand_ins": stand_ins(row, path, request.now),
        "benchmark": benchmarks_of([row.pk]).get(row.pk),
        "caps": list(caps | PriceCap.objects.filter(in_force(request.now), category=row.category_id)),
        "may_edit": _may_edit(request, row),
        "may_pair": may_somewhere(request.actor, Permission.CATALOGUE),
    }
    return render(request, "goods/product.html", context)


def _people(typed: str) -> Decimal:
    try:
        people = Decimal(typed)
    except InvalidOperation:
        return USUAL_PEOPLE
    return people if people.is_finite() and 0 < people <= 1_000_000 else USUAL_PEOPLE


def _may_edit(request: HttpRequest, row: Product) -> bool:
    if row.owner_id is None:
        return may_somewhere(request.actor, Permission.CATALOGUE)
    return request.actor.may(Permission.OFFERS, path=row.owner.path, organisation=row.owner_id)


def add(request: HttpRequest) -> HttpResponse:
    """A new product: common to all, or a supplier's own."""
    supplier = own_supplier(request.actor)
    owner = None if may_somewhere(request.actor, Permission.CATALOGUE) or not supplier else supplier.pk
    if owner is None:
        must_somewhere(request.actor, Permission.CATALOGUE)
    form, pk = ProductForm(request.POST or None), new_id()

    def save() -> None:
        lines = contents_read(form.cleaned_data["lines"])
        add_products([form.draft(lines, owner=owner, id=pk)], by=request.actor, at=request.now)

    title, done = say("New product"), say("The product is in the catalogue.")
    return saved(
        request,
        form,
        save,
        title=title,
        done=done,
        to="goods:product",
        kwargs={"pk": pk},
        back="goods:catalogue",
    )


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a product."""
    row = product_or_404(pk)
    if not _may_edit(request, row):
        request.actor.must(Permission.CATALOGUE, path=EVERYWHERE)
    known = {name: getattr(row, name) for name in _TYPED}
    known |= {
        "category": row.category_id,
        "aliases": "、".join(row.aliases),
        "step": f"{row.step.normalize():f}",
    }
    form = ProductForm(request.POST or None, initial=known | {"lines": contents_written(row)})

    def save() -> None:
        lines = contents_read(form.cleaned_data["lines"])
        draft = form.draft(lines, owner=row.owner_id, id=row.pk)
        edit_product(row, draft, by=request.actor, at=request.now)

    title, done = say("Change {product}", product=str(row)), say("Saved.")
    return saved(
        request, form, save, title=title, done=done, to="goods:product", kwargs={"pk": pk}, product=row
    )


def substitute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what can stand in for a product, and in which ratio (YX7)."""
    must_somewhere(request.actor, Permission.CATALOGUE)
    row, form = product_or_404(pk), SubstituteForm(request.POST or None)

    def save() -> None:
        given = form.cleaned_data
        draft = NewSubstitute(row.pk, given["substitute"].pk, given["ratio"], given["rank"])
        save_substitutes([draft], by=request.actor, at=request.now)

    title, done = say("What can stand in for {product}", product=str(row)), say("Saved.")
    to = "goods:product"
    return saved(request, form, save, title=title, done=done, to=to, kwargs={"pk": pk}, product=row)


@require_POST
def substitute_end(request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Say that it no longer stands in."""
    remove_substitute(substitute_or_404(pk, other), by=request.actor, at=request.now)
    say_done(request, say("Saved."))
    return redirect("goods:product", pk=pk)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a product out of the catalogue, or back into it."""
    row = product_or_404(pk)
    change = restore_product if row.ended_at else end_product
    change(row, by=request.actor, at=request.now)
    say_done(request, say("Saved."))
    return redirect("goods:product", pk=pk)
