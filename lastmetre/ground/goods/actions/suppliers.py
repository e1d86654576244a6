"""Writing suppliers: papers, capacity, where they serve, whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lastmetre.ground.goods.actions.refusals import said_plainly
from lastmetre.ground.goods.actions.writing import (
    BATCH,
    assign,
    check_categories,
    missing,
    note,
    places_of,
    reaching,
    suppliers_of,
)
from lastmetre.ground.goods.drafts import NewArea, NewCapacity, NewSupplier
from lastmetre.ground.goods.models import Supplier, SupplierArea, SupplierCapacity
from lastmetre.ground.goods.queries.suppliers import may_ring
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.journal.actions import reveal
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import standing_response
from lastmetre.terms import InputError, say

PERSONAL = ("contact_name", "contact_phone")
_PLAIN = tuple(
    field.name for field in fields(NewSupplier) if field.name not in (*PERSONAL, "organisation", "place")
)


@transaction.atomic
def add_suppliers(rows: Sequence[NewSupplier], *, by: Actor, at: datetime) -> list[Supplier]:
    """Register organisations as suppliers; raises InputError and adds none where one does not fit."""
    if not rows:
        return []
    places = places_of(row.place for row in rows)
    for place in places.values():
        by.must(Permission.SUPPLIERS, path=place.path)
    wanted = {row.organisation for row in rows}
    if Organisation.objects.filter(pk__in=wanted).count() < len(wanted):
        raise missing(say("One of the organisations does not exist."))
    # Whom to call at a shop outlives an emergency, as the staff do.
    response = standing_response(at)
    suppliers = [
        Supplier(
            id=row.organisation,
            organisation_id=row.organisation,
            place_id=row.place,
            path=places[row.place].path,
            response=response,
            **{name: getattr(row, name) for name in (*_PLAIN, *PERSONAL)},
        )
        for row in rows
    ]
    with said_plainly():
        Supplier.objects.bulk_create(suppliers, batch_size=BATCH)
    paths = [place.path for place in places.values()]
    note("add", "supplier", [row.organisation for row in rows], by=by, at=at, paths=paths)
    return suppliers


@transaction.atomic
def edit_supplier(supplier: Supplier, *, by: Actor, at: datetime, **values: Any) -> dict[str, list[Any]]:
    """Change what is known of a supplier; of personal values the journal says only that they changed."""
    by.must(Permission.SUPPLIERS, path=supplier.path)
    changed = assign(supplier, {name: values[name] for name in _PLAIN if name in values})
    contact = assign(supplier, {name: values[name] for name in PERSONAL if name in values})
    if changed or contact:
        with said_plainly():
            supplier.save()
        told = {"contact_changed": True} if contact else {}
        note("edit", "supplier", [supplier.pk], by=by, at=at, paths=[supplier.path], changed=changed, **told)
    return changed


@transaction.atomic
def sign_pledge(supplier: Supplier, *, on: date, by: Actor, at: datetime) -> None:
    """Write down that the supplier signed the pledge on price and supply (QZ4)."""
    _may_hand_in(supplier, by)
    if on > at.date():
        raise InputError(say("The day of the pledge lies ahead."), remedy=say("Write the day it was signed."))
    supplier.pledged_on = on
    supplier.save(update_fields=["pledged_on"])
    note("pledge", "supplier", [supplier.pk], by=by, at=at, paths=[supplier.path], on=on.isoformat())


@transaction.atomic
def file_plan(supplier: Supplier, *, plan: str, by: Actor, at: datetime) -> None:
    """Put the supplier's own supply plan on file (ER17)."""
    _may_hand_in(supplier, by)
    if not plan.strip():
        raise InputError(say("The plan is empty."), remedy=say("Write or paste what the supplier plans."))
    supplier.plan, supplier.plan_filed_on = plan.strip(), at.date()
    supplier.save(update_fields=["plan", "plan_filed_on"])
    note("file_plan", "supplier", [supplier.pk], by=by, at=at, paths=[supplier.path])


@transaction.atomic
def suspend(supplier: Supplier, *, why: str, by: Actor, at: datetime) -> None:
    """Stop a supplier; its offers are no longer shown (ER10)."""
    by.must(Permission.SUPPLIERS, path=supplier.path)
    if supplier.suspended_at is None:
        supplier.suspended_at = at
        supplier.save(update_fields=["suspended_at"])
        note("suspend", "supplier", [supplier.pk], by=by, at=at, paths=[supplier.path], why=why)


@transaction.atomic
def resume(supplier: Supplier, *, by: Actor, at: datetime) -> None:
    """Let a suspended supplier serve again."""
    by.must(Permission.SUPPLIERS, path=supplier.path)
    if supplier.suspended_at is not None:
        supplier.suspended_at = None
        supplier.save(update_fields=["suspended_at"])
        note("resume", "supplier", [supplier.pk], by=by, at=at, paths=[supplier.path])


@transaction.atomic
def save_capacities(rows: Sequence[NewCapacity], *, by: Actor, at: datetime) -> None:
    """State what suppliers can bring in a day; a category stated before is changed."""
    if not rows:
        return
    suppliers = suppliers_of(row.supplier for row in rows)
    for supplier in suppliers.values():
        _may_hand_in(supplier, by)
    check_categories(row.category for row in rows)
    with said_plainly():
        SupplierCapacity.objects.bulk_create(
            [
                SupplierCapacity(supplier_id=row.supplier, category_id=row.category, daily_kg=row.daily_kg)
                for row in rows
            ],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["supplier", "category"],
            update_fields=["daily_kg"],
        )
    paths = [supplier.path for supplier in suppliers.values()]
    note("state", "capacity", list(suppliers), by=by, at=at, paths=paths)


@transaction.atomic
def add_areas(rows: Sequence[NewArea], *, by: Actor, at: datetime) -> list[SupplierArea]:
    """Let suppliers serve places (ER15a, YX14a, YX15); raises InputError and adds none where one does not fit."""
    if not rows:
        return []
    places = places_of(row.place for row in rows)
    for place in places.values():
        by.must(Permission.SUPPLIERS, path=place.path)
    suppliers_of(row.supplier for row in rows)
    areas = [
        SupplierArea(
            supplier_id=row.supplier,
            place_id=row.place,
            path=places[row.place].path,
            mode=row.mode,
            order_url=row.order_url,
            fee_fen=row.fee_fen,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]
    with said_plainly():
        SupplierArea.objects.bulk_create(areas, batch_size=BATCH)
    paths = [place.path for place in places.values()]
    note("add", "area", [area.pk for area in areas], by=by, at=at, paths=paths)
    return areas


@transaction.atomic
def end_area(area: SupplierArea, *, by: Actor, at: datetime) -> None:
    """End that a supplier serves a place."""
    by.must(Permission.SUPPLIERS, path=area.path)
    if area.starts_at >= at:
        SupplierArea.objects.filter(pk=area.pk).delete()
    else:
        SupplierArea.objects.filter(pk=area.pk).update(ends_at=at)
    note("end", "area", [area.pk], by=by, at=at, paths=[area.path])


@transaction.atomic
def set_fee(area: SupplierArea, *, fee_fen: int, by: Actor, at: datetime) -> None:
    """Change what delivery costs from now on; what it cost before is kept."""
    by.must(Permission.OFFERS, path=area.path, organisation=area.supplier_id)
    if fee_fen == area.fee_fen:
        return
    told = {"fee_fen": [area.fee_fen, fee_fen]}
    # A supplier's clerk may see no place at all, yet prices its own deliveries.
    with reaching(by, [area.path]), said_plainly():
        if area.starts_at < at:
            SupplierArea.objects.filter(pk=area.pk).update(ends_at=at)
            area.pk = new_id()
            area.starts_at = at
            area._state.adding = True
        area.fee_fen = fee_fen
        area.save()
    note("price", "area", [area.pk], by=by, at=at, paths=[area.path], **told)


@transaction.atomic
def reveal_contact(supplier: Supplier, *, by: Actor, at: datetime, why: str = "") -> Supplier:
    """Show whom to call; leaves a line, and counts towards the alarm of bulk reading."""
    if supplier.pk not in by.organisations:
        if not may_ring(supplier, by, at):
            by.must(Permission.CONTACT, path=supplier.path)
        reveal("goods.supplier", supplier.pk, by=by, at=at, path=supplier.path, why=why)
    return supplier


def _may_hand_in(supplier: Supplier, by: Actor) -> None:
    """A supplier's own people hand in its papers; officers of its place may do it for them."""
    if not by.may(Permission.OFFERS, organisation=supplier.pk):
        by.must(Permission.SUPPLIERS, path=supplier.path)
