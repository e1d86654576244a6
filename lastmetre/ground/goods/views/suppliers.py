"""Suppliers: the list, a supplier's page, its papers and whom residents pay."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lastmetre.ground.goods.actions.payees import approve_payee, propose_payee, refuse_payee
from lastmetre.ground.goods.actions.suppliers import (
    add_areas,
    add_suppliers,
    edit_supplier,
    end_area,
    file_plan,
    resume,
    reveal_contact,
    save_capacities,
    set_fee,
    sign_pledge,
    suspend,
)
from lastmetre.ground.goods.drafts import NewArea, NewCapacity
from lastmetre.ground.goods.forms.areas import areas_of_supplier
from lastmetre.ground.goods.forms.pages import (
    AreaForm,
    CapacityForm,
    FeeForm,
    NewSupplierForm,
    PayeeForm,
    SupplierForm,
    named,
)
from lastmetre.ground.goods.models import Supplier, SupplierArea
from lastmetre.ground.goods.queries.catalogue import Ask, offers_for
from lastmetre.ground.goods.queries.findings import findings_of
from lastmetre.ground.goods.queries.found import area_or_404, payee_or_404, supplier_or_404
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.goods.queries.suppliers import listed, may_ring, payees_of, suppliers
from lastmetre.ground.goods.rules import Permission, ServiceMode, SupplierKind, name_of
from lastmetre.ground.goods.views.shared import area_of, saved, say_done
from lastmetre.ground.people.actions.bulk import NewOrganisation, add_organisations
from lastmetre.ground.people.rules import OrganisationKind
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.paging import page_of
from lastmetre.papers.masking import masked_name
from lastmetre.terms import say

SHOWN_OFFERS = 100


@require_GET
def supplier_list(request: HttpRequest) -> HttpResponse:
    """All suppliers, or those that serve a place; with what is missing of their papers (QZ2, ER15a)."""
    words, kind = request.GET.get("q", "")[:60], request.GET.get("kind", "")
    area = area_of(request) if request.GET.get("place") else None
    rows = suppliers(words=words, kind=kind, path=area.path if area else None, at=request.now)
    page = page_of(rows, by="organisation__name", cursor=request.GET.get("cursor", ""))
    context = {
        "rows": [listed(row, request.now.date()) for row in page.rows],
        "page": page,
        "words": words,
        "kind": kind,
        "kinds": named(SupplierKind),
        "area": area,
        "may_edit": request.actor.may(Permission.SUPPLIERS),
    }
    return render(request, "goods/suppliers.html", context)


@require_GET
def supplier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A supplier: papers, capacity, where it serves, offers with what is to be said of them, payee."""
    row, actor = supplier_or_404(pk), request.actor
    offers = list(offers_for(None, request.now).filter(supplier=row)[: SHOWN_OFFERS + 1])
    found = findings_of(offers, request.now)
    places, _ = areas_of_supplier(row.pk, request.now)
    areas = SupplierArea.objects.filter(in_force(request.now), supplier=row)
    context = {
        "supplier": row,
        "paper": listed(row, request.now.date()),
        "kind": name_of(SupplierKind(row.kind)),
        "capacities": list(row.capacities.select_related("category")),
        "areas": [(area, places.name(area.place_id), name_of(ServiceMode(area.mode))) for area in areas],
        "asks": [Ask(offer, found[offer.pk]) for offer in offers[:SHOWN_OFFERS]],
        "more_offers": len(offers) > SHOWN_OFFERS,
        "payees": payees_of(row.pk),
        "contact": _masked(row),
        "key": str(row.pk),
        **_allowed(actor, row, request.now),
    }
    return render(request, "goods/supplier.html", context)


def _masked(row: Supplier) -> tuple[str, str]:
    """Return whom to call, in part."""
    phone = row.contact_phone or ""
    return masked_name(row.contact_name or ""), f"····{phone[-4:]}" if phone else ""


def _allowed(actor: Actor, row: Supplier, at: datetime) -> dict[str, bool]:
    is_own = row.pk in actor.organisations
    return {
        "is_own": is_own,
        "may_edit": actor.may(Permission.SUPPLIERS, path=row.path),
        "may_sell": actor.may(Permission.OFFERS, path=row.path, organisation=row.pk),
        "may_call": may_ring(row, actor, at),
        "may_propose": actor.may(Permission.PAYEE_PROPOSE, path=row.path, organisation=row.pk),
        "may_approve": actor.may(Permission.PAYEE_APPROVE, path=row.path),
    }


@require_POST
def contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show whom to call; recorded."""
    row = reveal_contact(supplier_or_404(pk), by=request.actor, at=request.now)
    if request.htmx:
        return render(request, "ui/revealed.html", {"value": row.contact_phone, "phone": True})
    context = {"name": row.contact_name, "at": row.organisation.name, "phone": row.contact_phone}
    return render(request, "ui/contact.html", context | {"back": reverse("goods:supplier", args=[pk])})


def add(request: HttpRequest) -> HttpResponse:
    """Register a supplier; an organisation of that name and seat becomes it, else one is made."""
    request.actor.must(Permission.SUPPLIERS)
    form, pk = NewSupplierForm(request.POST or None), new_id()
    made: dict[str, Any] = {"pk": pk}

    def save() -> None:
        known = form.known()
        if known:
            made["pk"] = known.pk
        else:
            name, seat = form.cleaned_data["name"], form.cleaned_data["place"].pk
            row = NewOrganisation(OrganisationKind.SUPPLIER, name, seat, pk)
            add_organisations([row], by=request.actor, at=request.now)
        add_suppliers([form.draft(made["pk"])], by=request.actor, at=request.now)

    title, done = say("New supplier"), say("The supplier is registered.")
    to = "goods:supplier"
    return saved(request, form, save, title=title, done=done, to=to, kwargs=made, back="goods:suppliers")


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a supplier's papers."""
    row = supplier_or_404(pk)
    request.actor.must(Permission.SUPPLIERS, path=row.path)
    names = ("kind", "licence", "licence_from", "licence_until", "is_key", "heads")
    form = SupplierForm(request.POST or None, initial={name: getattr(row, name) for name in names})

    def save() -> None:
        edit_supplier(row, by=request.actor, at=request.now, **form.values())

    title = say("Change {name}", name=row.organisation.name)
    to = "goods:supplier"
    return saved(request, form, save, title=title, done=say("Saved."), to=to, kwargs={"pk": pk}, supplier=row)


@require_POST
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign the pledge, file the plan, suspend or resume: one button each."""
    row, what = supplier_or_404(pk), request.POST.get("what", "")
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    if what == "pledge":
        sign_pledge(row, on=_day(request), **write)
    elif what == "plan":
        file_plan(row, plan=request.POST.get("plan", ""), **write)
    elif what == "suspend":
        suspend(row, why=request.POST.get("why", ""), **write)
    elif what == "resume":
        resume(row, **write)
    else:
        raise Http404
    say_done(request, say("Saved."))
    return redirect("goods:supplier", pk=pk)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return request.now.date()


def area(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a supplier serve a place."""
    request.actor.must(Permission.SUPPLIERS)
    row, form = supplier_or_404(pk), AreaForm(request.POST or None)

    def save() -> None:
        given = form.cleaned_data
        mode, url, fee = ServiceMode(given["mode"]), given["order_url"], given["fee_fen"] or 0
        draft = NewArea(row.pk, given["place"].pk, mode, request.now, order_url=url, fee_fen=fee)
        add_areas([draft], by=request.actor, at=request.now)

    title = say("Where {name} serves", name=row.organisation.name)
    to = "goods:supplier"
    return saved(request, form, save, title=title, done=say("Saved."), to=to, kwargs={"pk": pk}, supplier=row)


def fee(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what delivery costs at a place; what it cost before is kept."""
    row = area_or_404(pk)
    request.actor.must(Permission.OFFERS, path=row.path, organisation=row.supplier_id)
    form = FeeForm(request.POST or None, initial={"fee_fen": row.fee_fen})

    def save() -> None:
        set_fee(row, fee_fen=form.cleaned_data["fee_fen"], by=request.actor, at=request.now)

    title, known = say("Delivery fee"), {"pk": row.supplier_id}
    return saved(
        *(request, form, save), title=title, done=say("Saved."), to="goods:supplier", kwargs=known, area=row
    )


def capacity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """State what a supplier can bring of a category in a day."""
    row, form = supplier_or_404(pk), CapacityForm(request.POST or None)
    if not request.actor.may(Permission.OFFERS, organisation=pk):
        request.actor.must(Permission.SUPPLIERS, path=row.path)

    def save() -> None:
        given = form.cleaned_data
        draft = NewCapacity(row.pk, given["category"].pk, given["daily_kg"])
        save_capacities([draft], by=request.actor, at=request.now)

    title = say("What {name} can bring in a day", name=row.organisation.name)
    to = "goods:supplier"
    return saved(request, form, save, title=title, done=say("Saved."), to=to, kwargs={"pk": pk}, supplier=row)


@require_POST
def area_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End that a supplier serves a place."""
    row = area_or_404(pk)
    end_area(row, by=request.actor, at=request.now)
    say_done(request, say("Saved."))
    return redirect("goods:supplier", pk=row.supplier_id)


def payee(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose whom residents pay at a supplier."""
    row, form = supplier_or_404(pk), PayeeForm(request.POST or None)
    request.actor.must(Permission.PAYEE_PROPOSE, path=row.path, organisation=pk)

    def save() -> None:
        propose_payee(row, by=request.actor, at=request.now, **form.cleaned_data)

    title = say("Payee of {name}", name=row.organisation.name)
    done = say("Proposed. A second person must approve it.")
    to = "goods:supplier"
    return saved(request, form, save, title=title, done=done, to=to, kwargs={"pk": pk}, supplier=row)


@require_POST
def payee_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve or refuse a proposed payee."""
    row = payee_or_404(pk)
    if request.POST.get("what") == "approve":
        approve_payee(row, by=request.actor, at=request.now)
    else:
        refuse_payee(row, why=request.POST.get("why", ""), by=request.actor, at=request.now)
    say_done(request, say("Saved."))
    return redirect("goods:supplier", pk=row.supplier_id)
