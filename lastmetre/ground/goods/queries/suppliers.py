"""Suppliers as lists and pages show them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lastmetre.ground.goods.models import Payee, Supplier, SupplierArea
from lastmetre.ground.goods.queries.catalogue import may_serve
from lastmetre.ground.goods.queries.periods import in_force
from lastmetre.ground.goods.rules import PayeeState, Permission, Standing, SupplierKind, standing
from lastmetre.ground.goods.rules.suppliers import papers_missing
from lastmetre.ground.protection.actor import SYSTEM, Actor, is_within
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence


def paper_of(supplier: Supplier) -> Standing:
    """Return a supplier's papers as the rules take them."""
    return Standing(
        SupplierKind(supplier.kind),
        supplier.licence,
        supplier.licence_from,
        supplier.licence_until,
        supplier.pledged_on,
        supplier.plan_filed_on,
        supplier.suspended_at is not None,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A supplier in a list: whether it may serve, and what is missing of its papers."""

    supplier: Any
    stopped: Sentence | None
    missing: tuple[Sentence, ...]

    @property
    def state(self) -> str:
        """How a screen colours it: good, wait or act."""
        return "act" if self.stopped else "wait" if self.missing else "good"


def listed(supplier: Any, on: datetime.date) -> Listed:
    """Return a supplier with what its papers say on a day."""
    paper = paper_of(supplier)
    return Listed(supplier, standing(paper, on), papers_missing(paper, on))


def suppliers(
    *, words: str = "", kind: str = "", path: str | None = None, at: datetime.datetime
) -> QuerySet[Any]:
    """Return the suppliers by name, initials or licence, kind, and place served; with their number of offers."""
    rows = Supplier.objects.select_related("organisation").annotate(
        offer_count=Count("offers", filter=valid_offers(at), distinct=True)
    )
    if kind:
        rows = rows.filter(kind=kind)
    if path is not None:
        rows = rows.filter(pk__in=serving(path, at).values("supplier"))
    typed = words.strip()
    if typed:
        found = Q(organisation__name__icontains=typed) | Q(licence__iexact=typed)
        if typed.isascii() and typed.isalpha():
            found |= Q(organisation__pinyin__contains=typed.lower())
        rows = rows.filter(found)
    return rows


def valid_offers(at: datetime.datetime) -> Q:
    """Return the filter for a supplier's offers that hold."""
    return in_force(at, "offers__valid_from", "offers__valid_until")


def serving(path: str, at: datetime.datetime) -> QuerySet[SupplierArea]:
    """Return who serves a place, by which mode: admitted there or above, with papers in order (ER15a)."""
    rows = SupplierArea.objects.filter(in_force(at), may_serve(at.date(), "supplier__"), path__above=path)
    return rows.select_related("supplier", "supplier__organisation")


def may_ring(supplier: Supplier, actor: Actor, at: datetime.datetime) -> bool:
    """Tell whether somebody may see whom to call at a supplier: who looks after its place, or works where it serves."""
    if supplier.pk in actor.organisations or actor.may(Permission.CONTACT, path=supplier.path):
        return True
    works = [one.path for one in actor.grants if Permission.CONTACT in one.permissions and one.path]
    with acting_as(SYSTEM):
        serves = list(
            SupplierArea.objects.filter(in_force(at), supplier=supplier).values_list("path", flat=True)
        )
    return any(is_within(here, area) or is_within(area, here) for here in works for area in serves)


def payee_of(supplier: UUID) -> Payee | None:
    """Return whom residents pay; None where nobody was put in force yet."""
    return Payee.objects.filter(supplier=supplier, state=PayeeState.IN_FORCE).first()


def payees_of(supplier: UUID) -> list[Payee]:
    """Return all payees of a supplier, the latest first: history and what waits."""
    return list(Payee.objects.filter(supplier=supplier)[:50])
