"""Suppliers, their papers, areas and payees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Status

from lastmetre.ground.goods.actions import payees as payee_actions
from lastmetre.ground.goods.actions import suppliers as actions
from lastmetre.ground.goods.api.answers import ContactOut, PayeeOut, SupplierOut
from lastmetre.ground.goods.api.asked import (
    AreaIn,
    CapacityIn,
    PayeeIn,
    PledgeIn,
    SupplierIn,
    SupplierPapers,
    Words,
    WordsIn,
)
from lastmetre.ground.goods.api.products import path_of
from lastmetre.ground.goods.drafts import NewArea, NewCapacity, NewSupplier
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.queries.found import (
    area_or_404,
    payee_or_404,
    place_or_404,
    supplier_or_404,
)
from lastmetre.ground.goods.queries.suppliers import listed, payees_of, suppliers
from lastmetre.ground.protection.paging import Cursor, Limit, Listing, Page, page_of

router = Router()


def _out(row: Supplier, request: HttpRequest) -> dict[str, Any]:
    names = ("id", "kind", "licence", "licence_from", "licence_until", "pledged_on", "plan_filed_on")
    names += ("is_key", "heads", "suspended_at")  # type: ignore[assignment]
    paper = listed(row, request.now.date())
    known = {name: getattr(row, name) for name in names} | {"name": row.organisation.name}
    stopped = paper.stopped.text(gettext) if paper.stopped else ""
    return known | {"stopped": stopped, "missing": [one.text(gettext) for one in paper.missing]}


@router.get("/suppliers", response=Listing[SupplierOut])
def list_suppliers(
    request: HttpRequest,
    place: UUID | None = None,
    kind: Words = "",
    q: Words = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """All suppliers, or those that serve a place."""
    path = path_of(request, place) if place else None
    rows = suppliers(words=q, kind=kind, path=path, at=request.now)
    page = page_of(rows, by="organisation__name", cursor=cursor, size=limit)
    return Page([_out(row, request) for row in page.rows], page.next)


@router.get("/suppliers/{pk}", response=SupplierOut)
def get_supplier(request: HttpRequest, pk: UUID) -> Any:
    """A supplier and what is missing of its papers."""
    return _out(supplier_or_404(pk), request)


@router.post("/suppliers", response={201: SupplierOut})
def add_supplier(request: HttpRequest, payload: SupplierIn) -> Any:
    """Register an organisation as a supplier."""
    place_or_404(payload.place)
    actions.add_suppliers([NewSupplier(**payload.dict())], by=request.actor, at=request.now)
    return Status(201, _out(supplier_or_404(payload.organisation), request))


@router.put("/suppliers/{pk}", response=SupplierOut)
def change_supplier(request: HttpRequest, pk: UUID, payload: SupplierPapers) -> Any:
    """Change a supplier's papers."""
    row = supplier_or_404(pk)
    actions.edit_supplier(row, by=request.actor, at=request.now, **payload.dict())
    return _out(row, request)


@router.post("/suppliers/{pk}/contact", response=ContactOut)
def reveal_contact(request: HttpRequest, pk: UUID, payload: WordsIn) -> Any:
    """Whom to call; that it was asked is recorded, with the reason given."""
    row = supplier_or_404(pk)
    actions.reveal_contact(row, by=request.actor, at=request.now, why=payload.text)
    return {"name": row.contact_name or "", "phone": row.contact_phone or ""}


@router.post("/suppliers/{pk}/pledge", response=SupplierOut)
def sign_pledge(request: HttpRequest, pk: UUID, payload: PledgeIn) -> Any:
    """Write down when the pledge on price and supply was signed."""
    row = supplier_or_404(pk)
    actions.sign_pledge(row, on=payload.on, by=request.actor, at=request.now)
    return _out(row, request)


@router.post("/suppliers/{pk}/plan", response=SupplierOut)
def file_plan(request: HttpRequest, pk: UUID, payload: WordsIn) -> Any:
    """Put the supply plan on file."""
    row = supplier_or_404(pk)
    actions.file_plan(row, plan=payload.text, by=request.actor, at=request.now)
    return _out(row, request)


@router.post("/suppliers/{pk}/suspend", response=SupplierOut)
def suspend(request: HttpRequest, pk: UUID, payload: WordsIn) -> Any:
    """Stop a supplier; its offers are no longer shown."""
    row = supplier_or_404(pk)
    actions.suspend(row, why=payload.text, by=request.actor, at=request.now)
    return _out(row, request)


@router.post("/suppliers/{pk}/resume", response=SupplierOut)
def resume(request: HttpRequest, pk: UUID) -> Any:
    """Let a suspended supplier serve again."""
    row = supplier_or_404(pk)
    actions.resume(row, by=request.actor, at=request.now)
    return _out(row, request)


@router.put("/suppliers/{pk}/capacity", response={204: None})
def state_capacity(request: HttpRequest, pk: UUID, payload: CapacityIn) -> Any:
    """State what a supplier can bring of a category in a day."""
    row = NewCapacity(supplier_or_404(pk).pk, payload.category, payload.daily_kg)
    actions.save_capacities([row], by=request.actor, at=request.now)
    return Status(204, None)


@router.post("/suppliers/{pk}/areas", response={201: UUID})
def add_area(request: HttpRequest, pk: UUID, payload: AreaIn) -> Any:
    """Let a supplier serve a place from now on."""
    place_or_404(payload.place)
    draft = NewArea(supplier_or_404(pk).pk, starts_at=request.now, **payload.dict())
    (area,) = actions.add_areas([draft], by=request.actor, at=request.now)
    return Status(201, area.pk)


@router.delete("/areas/{pk}", response={204: None})
def end_area(request: HttpRequest, pk: UUID) -> Any:
    """End that a supplier serves a place."""
    actions.end_area(area_or_404(pk), by=request.actor, at=request.now)
    return Status(204, None)


@router.get("/suppliers/{pk}/payees", response=list[PayeeOut])
def list_payees(request: HttpRequest, pk: UUID) -> Any:
    """Whom residents pay: in force, proposed, and before; without names and codes."""
    return payees_of(supplier_or_404(pk).pk)


@router.post("/suppliers/{pk}/payees", response={201: PayeeOut})
def propose_payee(request: HttpRequest, pk: UUID, payload: PayeeIn) -> Any:
    """Propose whom residents pay; a second person must approve."""
    row = supplier_or_404(pk)
    return Status(201, payee_actions.propose_payee(row, by=request.actor, at=request.now, **payload.dict()))


@router.post("/payees/{pk}/approve", response=PayeeOut)
def approve_payee(request: HttpRequest, pk: UUID) -> Any:
    """Put a proposed payee in force; not for who proposed it."""
    return payee_actions.approve_payee(payee_or_404(pk), by=request.actor, at=request.now)


@router.post("/payees/{pk}/refuse", response=PayeeOut)
def refuse_payee(request: HttpRequest, pk: UUID, payload: WordsIn) -> Any:
    """Refuse a proposed payee."""
    row = payee_or_404(pk)
    return payee_actions.refuse_payee(row, why=payload.text, by=request.actor, at=request.now)
