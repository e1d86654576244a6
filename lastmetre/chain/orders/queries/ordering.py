"""A household's page of a round: what there is, what it asked for, what it asked for the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from lastmetre.chain.ledger.rules import milli, price_of
from lastmetre.chain.orders.models import Request, Round, RoundItem
from lastmetre.chain.orders.queries.quotas import every_days_of, last_asked_elsewhere
from lastmetre.chain.orders.queries.rounds import request_of, round_or_404, running_rounds, stock_left
from lastmetre.chain.orders.rules import RequestState, RoundState, Window, check_quota, check_window
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


@dataclass(frozen=True, slots=True)
class Good:
    """A good of a round as a household sees it."""

    item: RoundItem
    left: Decimal | None
    """Of what is sold until it has run out."""
    asked: Decimal
    substitute: UUID | None

    @property
    def most(self) -> Decimal | None:
        """The most that the household can ask for now; None: as much as it likes."""
        bounds = [Decimal(self.item.limit)] if self.item.limit is not None else []
        if self.left is not None:
            bounds.append(self.left + self.asked)
        return min(bounds) if bounds else None

    @property
    def is_gone(self) -> bool:
        """Whether none can be had any more."""
        return self.most is not None and self.most <= 0


@dataclass(frozen=True, slots=True)
class Page:
    """What the order page shows."""

    row: Round
    household: Household
    goods: tuple[Good, ...]
    request: Request | None
    """Only where it counts."""
    version: int
    total_fen: int
    refused: InputError | None
    """Why nothing can be asked or changed now."""
    is_quota: bool
    """Whether it is the quota that refuses: staff may make an exception."""
    every_days: int | None
    last: Request | None
    """The order before, in another round, that can be repeated."""


def household_or_404(pk: UUID) -> Household:
    """Return a household as the actor sees it."""
    found = Household.objects.select_related("place__parent__parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def rounds_for(household: Household) -> QuerySet[Round]:
    """Return the rounds that run for a household, the next cut-off first."""
    return running_rounds(household.path).filter(path__above=household.path).exclude(state=RoundState.DRAFT)


def rounds_shown(household: Household) -> QuerySet[Round]:
    """Return those that take orders, and those that hold one of the household's: the others are nothing to it."""
    asked = Request.objects.filter(household=household, state=RequestState.ACTIVE)
    return rounds_for(household).filter(Q(state=RoundState.OPEN) | Q(pk__in=asked.values("round")))


def page_for(pk: UUID, household: Household, *, at: datetime, is_staff: bool) -> Page:
    """Return a household's page of a round; some ten queries however many goods."""
    row = round_or_404(pk)
    if not household.path.startswith(row.path + "."):
        raise Http404
    held = request_of(row, household)
    request = held if held and held.state == RequestState.ACTIVE else None
    lines = {line.item_id: line for line in request.lines.all()} if request else {}
    left = stock_left(row)
    goods = tuple(
        Good(
            item,
            left.get(item.pk),
            lines[item.pk].quantity if item.pk in lines else Decimal(0),
            lines[item.pk].substitute_id if item.pk in lines else None,
        )
        for item in row.items.select_related("product").prefetch_related("product__lines")
    )
    days = every_days_of(row, at)
    refused, is_quota = None, False
    try:
        check_window(Window(RoundState(row.state), row.opens_at, row.closes_at), at=at, may_be_late=is_staff)
    except InputError as error:
        refused = error
    last = last_asked(household, row)
    if refused is None and request is None:
        try:
            check_quota(last_asked_elsewhere(household, row), every_days=days, at=at)
        except InputError as error:
            refused, is_quota = error, True
    total = sum(price_of(milli(one.asked), one.item.price_fen) for one in goods)
    return Page(
        row, household, goods, request, held.version if held else 0, total, refused, is_quota, days, last
    )


def last_asked(household: Household, row: Round) -> Request | None:
    """Return a household's latest order in another round that counted; its lines come with it."""
    found = Request.objects.filter(household=household, state=RequestState.ACTIVE).exclude(round=row)
    return (
        found.exclude(round__state=RoundState.CANCELLED)
        .prefetch_related("lines__item__product")
        .order_by("-asked_at", "-pk")
        .first()
    )


def repeated(page: Page) -> tuple[dict[UUID, Decimal], list[str]]:
    """Return what of the order before can be asked for again, by item, and the names of what cannot."""
    by_product = {one.item.product_id: one for one in page.goods}
    again, missing = {}, []
    with acting_as(SYSTEM):  # the round before may be one that the household sees no more
        lines = list(page.last.lines.all()) if page.last else []
        for line in lines:
            good = by_product.get(line.item.product_id)
            if good is None or good.is_gone:
                missing.append(line.item.product.name)
                continue
            again[good.item.pk] = line.quantity if good.most is None else min(line.quantity, good.most)
    return again, missing


def asked_by(household: Household) -> QuerySet[Request]:
    """Return all that a household ever asked for, for `page_of` by "-asked_at"."""
    return (
        Request.objects.filter(household=household)
        .select_related("round")
        .prefetch_related("lines__item__product")
    )
