"""A supplier's own desk: price and stock where they stand, new offers, what can be changed of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.goods.actions.offers import (
    add_offers,
    edit_offer,
    end_offer,
    set_shelf,
    state_cost,
)
from lastmetre.ground.goods.drafts import NewOffer
from lastmetre.ground.goods.forms.areas import areas_of_supplier
from lastmetre.ground.goods.forms.pages import OfferForm, PriceForm, TermsForm
from lastmetre.ground.goods.models import Offer, OfferCost, Product, Supplier
from lastmetre.ground.goods.queries.catalogue import Ask, found_by
from lastmetre.ground.goods.queries.findings import findings_of
from lastmetre.ground.goods.queries.found import offer_or_404, supplier_or_404
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.goods.views.offer_files import area_choices
from lastmetre.ground.goods.views.shared import own_supplier, saved, say_done
from lastmetre.ground.protection.actor import Denied
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import InputError, say

_TERMS = ("code", "case_size", "minimum", "limit_per_household")


@require_GET
def my_offers(request: HttpRequest) -> HttpResponse:
    """The offers of the actor's own supplier, or of the one that `?supplier=` names; works on a phone."""
    supplier = _supplier(request)
    words = request.GET.get("q", "")[:60]
    rows = Offer.objects.filter(valid(request.now), supplier=supplier)
    if words.strip():
        rows = rows.filter(product__in=Product.objects.filter(found_by(words)))
    rows = priced(rows, request.now).select_related("product__category", "supplier")
    page = page_of(rows, by="product__name", cursor=request.GET.get("cursor", ""))
    found = findings_of(page.rows, request.now)
    areas, admitted = areas_of_supplier(supplier.pk, request.now)
    context = {
        "supplier": supplier,
        "asks": [Ask(offer, found[offer.pk]) for offer in page.rows],
        "area_names": {offer.place_id: areas.name(offer.place_id) for offer in page.rows},
        "is_admitted": bool(admitted),
        "page": page,
        "words": words,
        "key": str(supplier.pk),
        "may_sell": request.actor.may(Permission.OFFERS, path=supplier.path, organisation=supplier.pk),
    }
    return render(request, "goods/my_offers.html", context)


def _supplier(request: HttpRequest) -> Supplier:
    named = request.GET.get("supplier", "")
    if named:
        try:
            return supplier_or_404(UUID(named))
        except ValueError as error:
            raise Http404 from error
    own = own_supplier(request.actor)
    if own is None:
        raise Denied(
            say("You do not work for a supplier."),
            remedy=say("Open a supplier in the list to see its offers."),
        )
    return own


@require_POST
def quick(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set price and stock of one offer, where they stand."""
    offer, form = offer_or_404(pk), PriceForm(request.POST)
    refusal = ""
    if form.is_valid():
        try:
            set_shelf(offer, **form.cleaned_data, by=request.actor, at=request.now)
        except InputError as error:
            refusal = error.text(gettext)
    else:
        refusal = " ".join(str(one) for errors in form.errors.values() for one in errors)
    if not request.htmx:
        if refusal:
            raise InputError(say("{what}", what=refusal), remedy=say("Go back and mend it."))
        say_done(request, say("Saved."))
        return redirect("goods:my-offers")
    (row,) = priced(Offer.objects.filter(pk=pk), request.now).select_related("product__category", "supplier")
    areas, _ = areas_of_supplier(row.supplier_id, request.now)
    context = {
        "ask": Ask(row, findings_of([row], request.now)[row.pk]),
        "area_name": areas.name(row.place_id),
        "refusal": refusal,
        "typed": request.POST if refusal else None,
        "may_sell": True,
        "is_saved": not refusal,
    }
    return render(request, "goods/part_my_offer.html", context)


def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new offer of a supplier."""
    supplier = supplier_or_404(pk)
    request.actor.must(Permission.OFFERS, path=supplier.path, organisation=pk)
    areas, admitted = areas_of_supplier(supplier.pk, request.now)
    form = OfferForm(request.POST or None, initial={"place": str(admitted[0]) if admitted else ""})
    mine = Product.objects.filter(ended_at__isnull=True)
    form.fields["product"].queryset = mine.filter(owner=None) | mine.filter(owner=supplier)
    form.fields["place"].choices = area_choices(areas, admitted)

    def save() -> None:
        given: dict[str, Any] = dict(form.cleaned_data)
        product, place = given.pop("product").pk, UUID(given.pop("place"))
        row = NewOffer(supplier.pk, product, place, given.pop("price_fen"), request.now, **given)
        add_offers([row], by=request.actor, at=request.now)

    title, done = say("New offer"), say("It is on offer now.")
    return saved(request, form, save, title=title, done=done, to="goods:my-offers", back="goods:my-offers")


def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What can be changed of an offer, and its prices so far."""
    row = offer_or_404(pk)
    request.actor.must(Permission.OFFERS, path=row.path, organisation=row.supplier_id)
    cost = OfferCost.objects.filter(offer=row).first()
    known = {name: getattr(row, name) for name in _TERMS} | {"cost_fen": cost.cost_fen if cost else None}
    form = TermsForm(request.POST or None, initial=known)

    def save() -> None:
        given = dict(form.cleaned_data)
        stated = given.pop("cost_fen")
        edit_offer(row, by=request.actor, at=request.now, **given)
        if stated is not None and stated != known["cost_fen"]:
            state_cost(row, cost_fen=stated, by=request.actor, at=request.now)

    title, history = say("Offer of {product}", product=str(row.product)), list(row.prices.all()[:50])
    return saved(
        request, form, save, title=title, done=say("Saved."), to="goods:my-offers", offer=row, prices=history
    )


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sell it no longer."""
    end_offer(offer_or_404(pk), by=request.actor, at=request.now)
    say_done(request, say("It is no longer on offer."))
    return redirect("goods:my-offers")
