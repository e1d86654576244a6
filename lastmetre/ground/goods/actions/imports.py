"""Writing what a reviewed workbook says: the accepted rows of a plan, each through its own action."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lastmetre.ground.goods.actions.catalogue import add_products, edit_product
from lastmetre.ground.goods.actions.offers import add_offers, edit_offer, set_price, set_stock, state_cost
from lastmetre.ground.goods.actions.suppliers import add_suppliers, edit_supplier
from lastmetre.ground.goods.actions.writing import note
from lastmetre.ground.goods.models import Offer, Product, Supplier
from lastmetre.ground.goods.plans import Outcome, Plan
from lastmetre.ground.people.actions.bulk import NewOrganisation, add_organisations
from lastmetre.ground.people.rules import OrganisationKind
from lastmetre.ground.protection.actor import Actor
from lastmetre.terms import InputError, say


def check_digest(plan: Plan, digest: str) -> None:
    """Refuse a confirmation of another preview than this; raises InputError."""
    if plan.digest != digest:
        raise InputError(
            say("What the file would change is no longer what you looked at."),
            remedy=say("Look at the new preview and confirm again."),
        )


@transaction.atomic
def import_products(plan: Plan, *, digest: str, by: Actor, at: datetime) -> None:
    """Write the products that a plan adds or changes; raises InputError where the preview was another one."""
    check_digest(plan, digest)
    add_products([row.draft for row in plan.of(Outcome.ADDED)], by=by, at=at)
    changed = plan.of(Outcome.CHANGED)
    there = Product.objects.in_bulk([row.target for row in changed])
    for row in changed:
        edit_product(there[row.target], row.draft, by=by, at=at)
    _told(plan, by=by, at=at)


@transaction.atomic
def import_offers(plan: Plan, supplier: Supplier, *, digest: str, by: Actor, at: datetime) -> None:
    """Write the offers that a plan adds or changes; raises InputError where the preview was another one."""
    check_digest(plan, digest)
    add_offers([row.draft for row in plan.of(Outcome.ADDED)], by=by, at=at)
    changed = plan.of(Outcome.CHANGED)
    there = Offer.objects.in_bulk([row.target for row in changed])
    for row in changed:
        _change_offer(there[row.target], row.draft.values, by=by, at=at)
    _told(plan, supplier.pk, path=supplier.path, by=by, at=at)


def _change_offer(offer: Offer, values: dict[str, object], *, by: Actor, at: datetime) -> None:
    rest = dict(values)
    cost, price = rest.pop("cost_fen", None), rest.pop("price_fen", None)
    if price is not None:
        set_price(offer, price_fen=price, cost_fen=cost, by=by, at=at)
    elif cost is not None:
        state_cost(offer, cost_fen=cost, by=by, at=at)
    if "stock" in rest:
        set_stock(offer, stock=rest.pop("stock"), by=by, at=at)
    edit_offer(offer, by=by, at=at, **rest)


def _told(plan: Plan, thing: UUID | None = None, *, by: Actor, at: datetime, path: str = "") -> None:
    counts = {outcome.value: plan.counts[outcome] for outcome in Outcome}
    kind = "offer" if plan.kind == "offer_file" else plan.kind.removesuffix("s")
    note("import", kind, [thing] if thing else [], by=by, at=at, paths=[path], **counts)


@transaction.atomic
def import_suppliers(plan: Plan, *, digest: str, by: Actor, at: datetime) -> None:
    """Write the suppliers that a plan adds or changes; raises InputError where the preview was another one."""
    check_digest(plan, digest)
    added = [row.draft for row in plan.of(Outcome.ADDED)]
    organisations = [
        NewOrganisation(OrganisationKind.SUPPLIER, one.name, one.draft.place, one.draft.organisation)
        for one in added
        if one.is_new_organisation
    ]
    if organisations:
        add_organisations(organisations, by=by, at=at)
    add_suppliers([one.draft for one in added], by=by, at=at)
    changed = plan.of(Outcome.CHANGED)
    there = Supplier.objects.in_bulk([row.target for row in changed])
    for row in changed:
        edit_supplier(there[row.target], by=by, at=at, **row.draft.values)
    _told(plan, by=by, at=at)


@transaction.atomic
def import_offer_file(plan: Plan, supplier: Supplier, *, digest: str, by: Actor, at: datetime) -> None:
    """Write the products and offers of an offer file; raises InputError where the preview was another one."""
    check_digest(plan, digest)
    added = [row.draft for row in plan.of(Outcome.ADDED)]
    add_products([one.product for one in added if one.product], by=by, at=at)
    add_offers([one.offer for one in added], by=by, at=at)
    changed = plan.of(Outcome.CHANGED)
    there = Offer.objects.in_bulk([row.target for row in changed])
    for row in changed:
        _change_offer(there[row.target], row.draft.change.values, by=by, at=at)
    _told(plan, supplier.pk, path=supplier.path, by=by, at=at)
