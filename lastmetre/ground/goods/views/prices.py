"""Prices under watch: caps, benchmarks, what is dear or missing; reserves; an area's choice."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.goods.actions.catalogue import set_assortment
from lastmetre.ground.goods.actions.prices import add_benchmarks, add_caps, end_cap
from lastmetre.ground.goods.actions.reserves import remove_reserve, save_reserves
from lastmetre.ground.goods.actions.writing import may_somewhere, must_somewhere
from lastmetre.ground.goods.drafts import NewBenchmark
from lastmetre.ground.goods.forms.pages import BenchmarkForm, CapForm, ReserveForm
from lastmetre.ground.goods.models import Assortment, Product
from lastmetre.ground.goods.queries.catalogue import choice_of
from lastmetre.ground.goods.queries.found import cap_or_404, place_or_404, reserve_or_404
from lastmetre.ground.goods.queries.gaps import (
    benchmarks_shown,
    caps_shown,
    cover,
    overpriced,
    products_without_seller,
    reserves_shown,
)
from lastmetre.ground.goods.rules import Permission, Tier, name_of
from lastmetre.ground.goods.views.shared import area_of, only_staff, saved, say_done
from lastmetre.ground.places.queries.tree import counts_of
from lastmetre.terms import say

SHOWN = 100
FEW = 12
"""Benchmarks shown before somebody asks for all."""


@require_GET
def prices(request: HttpRequest) -> HttpResponse:
    """What is dear, what is missing, and the caps and benchmarks in force at a place."""
    only_staff(request)
    area = area_of(request)
    path = area.path if area else None
    asks = overpriced(path, request.now)
    benchmarks = benchmarks_shown()
    few = len(benchmarks) if request.GET.get("all") else FEW
    people = counts_of(area).most_people if area else None
    context = {
        "area": area,
        "asks": asks[:SHOWN],
        "ask_count": len(asks),
        "refused_count": sum(ask.is_refused for ask in asks),
        "cover": cover(path, request.now, people=people),
        "people": people,
        "unsold": products_without_seller(path, request.now),
        "caps": caps_shown(path, request.now),
        "benchmarks": benchmarks[:few],
        "more_benchmarks": max(0, len(benchmarks) - few),
        "may_edit": may_somewhere(request.actor, Permission.PRICES),
    }
    return render(request, "goods/prices.html", context)


def cap(request: HttpRequest) -> HttpResponse:
    """A new cap."""
    must_somewhere(request.actor, Permission.PRICES)
    area = area_of(request)
    form = CapForm(request.POST or None, initial={"place": area.pk if area else None})

    def save() -> None:
        add_caps([form.draft(request.now)], by=request.actor, at=request.now)

    title, done = say("New price cap"), say("The cap is in force.")
    return saved(request, form, save, title=title, done=done, to="goods:prices", back="goods:prices")


@require_POST
def cap_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift a cap."""
    row = cap_or_404(pk)
    end_cap(row, by=request.actor, at=request.now)
    say_done(request, say("The cap is lifted."))
    return redirect("goods:prices")


def benchmark(request: HttpRequest) -> HttpResponse:
    """A new benchmark."""
    must_somewhere(request.actor, Permission.PRICES)
    form = BenchmarkForm(request.POST or None, initial={"product": request.GET.get("product")})

    def save() -> None:
        given = form.cleaned_data
        row = NewBenchmark(given["product"].pk, given["price_fen"], given["where"], request.now)
        add_benchmarks([row], by=request.actor, at=request.now)

    title, done = say("New benchmark"), say("Saved.")
    return saved(request, form, save, title=title, done=done, to="goods:prices", back="goods:prices")


@require_GET
def reserves(request: HttpRequest) -> HttpResponse:
    """What lies in reserve, by tier (YX8a)."""
    only_staff(request)
    rows = [(row, name_of(Tier(row.tier))) for row in reserves_shown()]
    may_edit = may_somewhere(request.actor, Permission.RESERVES)
    return render(request, "goods/reserves.html", {"rows": rows, "may_edit": may_edit})


def reserve(request: HttpRequest) -> HttpResponse:
    """State a reserve."""
    must_somewhere(request.actor, Permission.RESERVES)
    form = ReserveForm(request.POST or None)

    def save() -> None:
        save_reserves([form.draft()], by=request.actor, at=request.now)

    title, done = say("State a reserve"), say("Saved.")
    return saved(request, form, save, title=title, done=done, to="goods:reserves", back="goods:reserves")


@require_POST
def reserve_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a reserve is no more."""
    row = reserve_or_404(pk)
    remove_reserve(row, by=request.actor, at=request.now)
    say_done(request, say("Saved."))
    return redirect("goods:reserves")


def assortment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The choice of an area: tick what is sold there (PD10)."""
    place = place_or_404(pk)
    request.actor.must(Permission.ASSORTMENT, path=place.path)
    if request.method == "POST":
        known = {str(row): row for row in Product.objects.values_list("pk", flat=True)}
        chosen = [known[one] for one in request.POST.getlist("product") if one in known]
        set_assortment(place, chosen, by=request.actor, at=request.now)
        say_done(request, say("Saved."))
        return redirect("goods:assortment", pk=pk)
    products = Product.objects.filter(ended_at__isnull=True, owner=None).select_related("category")
    own = set(Assortment.objects.filter(place=place).values_list("product_id", flat=True))
    context = {
        "place": place,
        "products": list(products),
        "own": own,
        "inherited": (choice_of(place.path) or set()) if not own else set(),
        "is_all": not own and choice_of(place.path) is None,
    }
    return render(request, "goods/assortment.html", context)
