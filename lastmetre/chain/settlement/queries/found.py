"""Rows by id as the actor sees them: foreign and missing ids are the same 404; who may read a round's books."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from lastmetre.chain.ledger.models import Photo
from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import named_round_or_404
from lastmetre.chain.settlement.models import Claim, Decision, Fund, Payment, StatementLine
from lastmetre.chain.settlement.rules import Permission
from lastmetre.ground.goods.models import Payee
from lastmetre.ground.goods.rules import PayeeState
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.protection.actor import SYSTEM, Actor, is_within
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def round_or_404(pk: UUID) -> Round:
    """Return a round with its books, place and supplier."""
    return named_round_or_404(pk)


def rounds_seen() -> QuerySet[Round]:
    """Return the rounds with books that the actor sees."""
    return Round.objects.exclude(state="draft").select_related("place", "supplier__organisation", "book")


def household_or_404(row: Round, pk: UUID) -> Household:
    """Return a household of the round's compound."""
    rows = Household.objects.filter(path__within=row.path).select_related("place__parent__parent")
    return _one(rows, pk)


def claim_or_404(pk: UUID) -> Claim:
    """Return a claim with its household."""
    return _one(Claim.objects.select_related("household__place__parent__parent", "book"), pk)


def line_or_404(pk: UUID) -> StatementLine:
    """Return a line of a statement."""
    return _one(StatementLine.objects.select_related("book"), pk)


def payment_or_404(pk: UUID) -> Payment:
    """Return a payment."""
    return _one(Payment.objects.select_related("book", "household"), pk)


def decision_or_404(pk: UUID) -> Decision:
    """Return a decision about money."""
    return _one(Decision.objects.select_related("book", "household"), pk)


def fund_or_404(pk: UUID) -> Fund:
    """Return a fund."""
    return _one(Fund.objects.all(), pk)


def photos_of(things: list[UUID], kind: str) -> list[Photo]:
    """Return the pictures of things, without opening them."""
    rows = Photo.objects.filter(thing__in=things, kind=kind).only("pk", "thing", "kind", "taken_at")
    return list(rows.order_by("taken_at"))


def photos_of_goods(row: Round) -> list[Photo]:
    """Return the pictures of all goods of a round, without opening them: whoever sees the round may (FC4b)."""
    with acting_as(SYSTEM):
        return photos_of([row.pk], "packed")


def photo_of_goods_or_404(row: Round, pk: UUID) -> Photo:
    """Return one picture of all goods of a round that its reader sees."""
    with acting_as(SYSTEM):
        return _one(Photo.objects.filter(kind="packed", thing=row.pk), pk)


def photo_or_404(pk: UUID) -> Photo:
    """Return a picture of a claim or of packed goods."""
    return _one(Photo.objects.filter(kind__in=["paid", "packed"]), pk)


def payee_of(row: Round) -> Payee | None:
    """Return the collection code in force: only two people together change it (trust.md: swapped codes)."""
    return Payee.objects.filter(supplier=row.supplier_id, state=PayeeState.IN_FORCE).first()


def sees_money(actor: Actor, row: Round, *permissions: str) -> bool:
    """Tell whether an actor reads a round's money: of the whole compound, or of a building in it."""
    wanted = permissions or (Permission.CONFIRM, Ledger.READ)
    return any(
        (set(wanted) & set(grant.permissions))
        and grant.path is not None
        and (is_within(row.path, grant.path) or is_within(grant.path, row.path))
        for grant in actor.grants
    ) or actor.may(wanted[0], path=row.path)


def must_see_money(actor: Actor, row: Round, *permissions: str) -> None:
    """Raise Denied where `sees_money` says no: rows go by place, and a volunteer stands at the same place."""
    if not sees_money(actor, row, *permissions):
        actor.must((permissions or (Permission.CONFIRM,))[0], path=row.path)


def must_see_books(actor: Actor) -> None:
    """Raise Denied for who neither looks after money nor reads books anywhere."""
    if not actor.may(Ledger.READ):
        actor.must(Permission.CONFIRM)


def find_household(row: Round, words: str) -> Household | None:
    """Return the one household that a room, phone tail or name means; None where it is none or several."""
    try:
        found = roster(row.place, words=words, limit=2).rows
    except InputError:
        return None
    if len(found) != 1:
        return None
    return Household.objects.filter(pk=found[0].id).select_related("place__parent__parent").first()


def _one(rows: QuerySet[Any], pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
