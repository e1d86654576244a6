"""Rounds as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.orders.models import Request, RequestLine, Round, RoundItem
from lastmetre.chain.orders.rules import MODE_OF, Hands, Mode, Permission, RequestState, RoundState
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.goods.queries.catalogue import offers_for
from lastmetre.ground.goods.queries.suppliers import serving
from lastmetre.ground.places.models import Compound, Household
from lastmetre.ground.protection.actor import SYSTEM, Actor, Denied, is_within
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import say

RUNNING = tuple(state.value for state in RoundState if state not in (RoundState.CLOSED, RoundState.CANCELLED))


def round_or_404(pk: UUID) -> Round:
    """Return a round as the actor sees it, with place, supplier and book."""
    found = _rounds().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def named_round_or_404(pk: UUID) -> Round:
    """Return a round that the actor sees, with its place and supplier by name: a supplier sees no place by itself."""
    if not Round.objects.filter(pk=pk).exists():
        raise Http404
    with acting_as(SYSTEM):
        return Round.objects.select_related("book__place", "place", "supplier__organisation").get(pk=pk)


def _rounds() -> QuerySet[Round]:
    return Round.objects.select_related("place", "supplier__organisation", "book")


def running_rounds(place_path: str) -> QuerySet[Round]:
    """Return the rounds of a place, and of those within and around it, that are neither closed nor cancelled."""
    near = Q(path__above=place_path) | Q(path__within=place_path)
    return _rounds().filter(near, state__in=RUNNING).order_by("closes_at", "pk")


def rounds_within(place_path: str) -> QuerySet[Round]:
    """Return all rounds of a place and those within and around it, with their number of orders as `orders`."""
    near = Q(path__above=place_path) | Q(path__within=place_path)
    active = Request.objects.filter(round=OuterRef("pk"), state=RequestState.ACTIVE).values("round")
    # Counted beside: joined, every order would carry the whole of its round along.
    counted = Coalesce(Subquery(active.annotate(count=Count("pk")).values("count")), 0)
    return _rounds().filter(near).annotate(orders=counted)


def running_within(place_path: str) -> list[Round]:
    """Return those of `rounds_within` that are neither closed nor cancelled, the next cut-off first; one query."""
    return list(rounds_within(place_path).filter(state__in=RUNNING).order_by("closes_at", "pk"))


def must_work_on(row: Round, actor: Actor) -> None:
    """Raise Denied for who neither runs the round nor takes orders of any of its doors."""
    if actor.may(Permission.ROUNDS, path=row.path) or taken_paths(row, actor):
        return
    raise Denied(
        say("Your role does not allow this here."),
        remedy=say("Ask whoever gave you the role, or an administrator of the place."),
    )


def taken_paths(row: Round, actor: Actor) -> tuple[str, ...]:
    """Return where an actor takes orders for households of a round: all of it, or some of its buildings."""
    if actor == SYSTEM or actor.may(Permission.TAKE, path=row.path):
        return (row.path,)
    return tuple(
        grant.path
        for grant in actor.grants
        if Permission.TAKE in grant.permissions and grant.path and is_within(grant.path, row.path)
    )


@dataclass(frozen=True, slots=True)
class GoodFigures:
    """How much of a good is asked for."""

    item: RoundItem
    asked: Decimal
    left: Decimal | None
    """Of what is sold until it has run out; else None."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a round has come to."""

    orders: int
    late: int
    units: Decimal
    goods: tuple[GoodFigures, ...]
    amount_fen: int
    """Of what is asked for, before it is shared out."""

    def misses(self, row: Round) -> Decimal | None:
        """Return how many sale units the minimum still misses; None where none is set or it is reached."""
        if row.minimum_units is None or self.units >= row.minimum_units:
            return None
        return row.minimum_units - self.units


def figures_of(row: Round) -> Figures:
    """Return the figures of a round as far as the actor sees its orders; four queries."""
    active = Request.objects.filter(round=row, state=RequestState.ACTIVE)
    counted = active.aggregate(orders=Count("pk"), late=Count("pk", filter=Q(is_late=True)))
    asked: dict[UUID, Decimal] = dict(
        RequestLine.objects.filter(request__round=row, request__state=RequestState.ACTIVE)
        .values_list("item")
        .annotate(total=Sum("quantity"))
    )
    left = stock_left(row)
    goods = tuple(
        GoodFigures(item, asked.get(item.pk, Decimal(0)), left.get(item.pk))
        for item in row.items.select_related("product")
    )
    amount = sum((one.asked * one.item.price_fen for one in goods), Decimal(0))
    return Figures(counted["orders"], counted["late"], sum(asked.values(), Decimal(0)), goods, int(amount))


def stock_left(row: Round) -> dict[UUID, Decimal]:
    """Return what is left of the goods that are sold until they have run out; published like a shelf."""
    with acting_as(SYSTEM):
        held = {one.product: one.amount for one in balances(row.book, AccountKind.STOCK)}
        rows = list(row.items.filter(is_first_come=True).values_list("pk", "product_id", "stock"))
    if row.state == RoundState.DRAFT:
        return {pk: stock for pk, _, stock in rows}
    return {pk: Decimal(held.get(product, 0)) / 1000 for pk, product, _ in rows}


def requests_of(row: Round, actor: Actor) -> QuerySet[Request]:
    """Return the orders of a round whose households the actor takes orders for; for `page_of`."""
    paths = Q()
    for path in taken_paths(row, actor):
        paths |= Q(path__within=path)
    lines = RequestLine.objects.select_related("item__product", "substitute").order_by("item__number")
    found = Request.objects.filter(round=row, state=RequestState.ACTIVE)
    return (
        (found.filter(paths) if paths else found.none())
        .select_related("household__place__parent__parent")
        .prefetch_related(Prefetch("lines", queryset=lines))
    )


def request_of(row: Round, household: Household) -> Request | None:
    """Return what a household asks for in a round, cancelled or not; its lines come with it."""
    lines = RequestLine.objects.select_related("item__product", "substitute").order_by("item__number")
    found = Request.objects.filter(round=row, household=household)
    return found.select_related("household").prefetch_related(Prefetch("lines", queryset=lines)).first()


def hands_of(place_path: str) -> Hands:
    """Return what the people of a compound carry (house law 7)."""
    found = Compound.objects.filter(path__above=place_path).order_by("-path").first()
    return Hands(found.hands_per_wave, found.doors_per_hour) if found else Hands(None, 30)


@dataclass(frozen=True, slots=True)
class Choice:
    """A supplier that a round can be opened with."""

    supplier: Supplier
    goods: int
    link: str
    """The platform's page for this place, where it has one."""
    mode: Mode
    """How goods come from there."""
    last: datetime | None = None
    """Cut-off of its latest round here."""


def suppliers_for(path: str, at: datetime) -> list[Choice]:
    """Return who serves a place and has something on offer there, the latest round's first; three queries."""
    counted: dict[UUID, int] = dict(
        offers_for(path, at)
        .order_by()
        .values_list("supplier")
        .annotate(goods=Count("product", distinct=True))
    )
    areas: dict[UUID, Any] = {area.supplier_id: area for area in serving(path, at).order_by("path")}
    rounds = Round.objects.filter(path=path).exclude(state__in=[RoundState.DRAFT, RoundState.CANCELLED])
    had = dict(rounds.order_by().values_list("supplier").annotate(last=Max("closes_at")))
    found = [
        Choice(area.supplier, counted[who], area.order_url, MODE_OF.get(area.mode, Mode.SHOP), had.get(who))
        for who, area in areas.items()
        if who in counted
    ]
    found.sort(key=lambda one: (-one.goods, str(one.supplier.organisation)))
    return sorted(found, key=lambda one: one.last.timestamp() if one.last else 0, reverse=True)
