"""Offer files of `lastmetre sheets`, in and out: what a place can order from one supplier."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from lastmetre.ground.goods.actions.imports import import_offer_file
from lastmetre.ground.goods.forms.areas import Areas, areas_of_supplier
from lastmetre.ground.goods.forms.offer_book import COLUMNS
from lastmetre.ground.goods.forms.offer_file import plan_offer_file
from lastmetre.ground.goods.forms.pages import OfferFileForm
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.plans import Plan
from lastmetre.ground.goods.queries.found import supplier_or_404
from lastmetre.ground.goods.queries.terms import offer_terms
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.goods.views.previews import keep, kept, preview, uploaded
from lastmetre.ground.goods.views.shared import say_done
from lastmetre.papers.offer_files import offer_text
from lastmetre.reading.offers import read_offer
from lastmetre.terms import Good, InputError, Offer, say

TITLE = say("Offer file")


def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at an offer file before anything is written, then confirm it."""
    supplier = supplier_or_404(pk)
    request.actor.must(Permission.OFFERS, path=supplier.path, organisation=pk)
    areas, admitted = areas_of_supplier(pk, request.now)
    if "kept" in request.POST:
        return _confirm(request, supplier, areas)
    form = OfferFileForm(request.POST or None, request.FILES or None)
    form.fields["place"].choices = area_choices(areas, admitted)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with uploaded(given["file"]) as path:
                offer = read_offer(path)
            asked = {"place": given["place"], "category": given["category"].pk}
            plan = _plan(supplier, areas, offer, asked, request.now)
        except InputError as error:
            form.refuse(error)
        else:
            return _preview(request, plan, keep([asked, _plain(offer)]))
    context = {"form": form, "title": TITLE, "supplier": supplier, "is_upload": True}
    return render(request, "goods/form.html", context, status=422 if form.is_bound else 200)


def area_choices(areas: Areas, admitted: list[UUID]) -> list[tuple[str, str]]:
    """Return where a supplier may sell, the places it was admitted to by name first."""
    order = {place: index for index, place in enumerate(admitted)}
    places = sorted(areas.places, key=lambda place: (order.get(place, len(order)), areas.name(place)))
    return [(str(place), areas.name(place)) for place in places]


def _plan(supplier: Supplier, areas: Areas, offer: Offer, asked: dict[str, str], at: datetime) -> Plan:
    place = areas.places.get(UUID(asked["place"]))
    if place is None:
        raise Http404
    return plan_offer_file(offer, supplier, place, category=asked["category"], at=at)


def _preview(request: HttpRequest, plan: Plan, text: str, refusal: InputError | None = None) -> HttpResponse:
    again = request.get_full_path()
    return preview(request, plan, title=TITLE, columns=COLUMNS, kept=text, again=again, refusal=refusal)


def _confirm(request: HttpRequest, supplier: Supplier, areas: Areas) -> HttpResponse:
    text = request.POST["kept"]
    asked, plain = kept(text)
    plan = _plan(supplier, areas, _offer(plain), asked, request.now)
    digest = request.POST.get("digest", "")
    try:
        import_offer_file(plan, supplier, digest=digest, by=request.actor, at=request.now)
    except InputError as error:
        return _preview(request, plan, text, refusal=error)
    say_done(request, say("The file has been taken over."))
    return redirect(f"{reverse('goods:my-offers')}?supplier={supplier.pk}")


def _plain(offer: Offer) -> dict[str, Any]:
    goods = [asdict(good) | {"step": str(good.step)} for good in offer.goods]
    return {"title": offer.title, "supplier": offer.supplier, "goods": goods}


def _offer(plain: dict[str, Any]) -> Offer:
    goods = []
    for good in plain["goods"]:
        lists = {name: tuple(good[name]) for name in ("aliases", "substitutes")}
        goods.append(Good(**(good | lists | {"step": Decimal(good["step"])})))
    return Offer(plain["title"], plain["supplier"], tuple(goods))


@require_GET
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out what a place (`?place=`) can order from a supplier, as `lastmetre sheets` reads it."""
    supplier = supplier_or_404(pk)
    areas, admitted = areas_of_supplier(pk, request.now)
    named = request.GET.get("place", "") or (str(admitted[0]) if admitted else "")
    place = next((place for key, place in areas.places.items() if str(key) == named), None)
    if place is None:
        raise Http404
    text = offer_text(offer_terms(place.path, supplier, request.now, title=place.name))
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, "offer.yaml") or "attachment"
    return answer
