"""All that sharing out a round needs to know: a frozen question, the same for a look ahead and for the act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from lastmetre.chain.allocation.models import Credit, Willing
from lastmetre.chain.allocation.queries.lasting import FoodLeft, days_left, food_of
from lastmetre.chain.allocation.rules import NEEDS_MORE
from lastmetre.chain.ledger.queries.balances import totals
from lastmetre.chain.ledger.rules import AccountKind, units
from lastmetre.chain.orders.models import Request, RequestLine, Round, RoundItem
from lastmetre.chain.orders.rules import RequestState
from lastmetre.ground.goods.models import Substitute
from lastmetre.planning.weights import DEFAULT, UNKNOWN, Problem, Rule, weights


@dataclass(frozen=True, slots=True)
class Want:
    """One line of a request."""

    request: int
    """Place in `Asked.requests`."""
    quantity: Decimal
    substitute: UUID | None = None


@dataclass(frozen=True, eq=False)
class Gathered:
    """What everybody asks for in a round, and what it is shared by."""

    round: Round
    items: tuple[RoundItem, ...]
    requests: tuple[Request, ...]
    wants: Mapping[UUID, Sequence[Want]]
    """By item."""
    people: Any
    """Head counts, one a request; 0 where not known."""
    weights: Mapping[UUID, Any]
    """By item: food that is short at home counts for food of its kind only."""
    credits: Mapping[tuple[UUID, UUID], int]
    """By household and product, in millionths of a step."""
    willing: Mapping[tuple[UUID, UUID], Decimal]
    """By request and item."""
    ratios: Mapping[tuple[UUID, UUID], Decimal]
    """By product and the product that stands in for it."""
    on_sale: Mapping[UUID, Decimal]
    """By product: what nobody took of what is sold until it has run out."""
    rule: Rule = DEFAULT


def gather(row: Round, at: datetime) -> Gathered:
    """Ask for everything, in a dozen queries however many households; within SYSTEM."""
    items = tuple(row.items.select_related("product__category"))
    requests = tuple(
        Request.objects.filter(round=row, state=RequestState.ACTIVE)
        .select_related("household__place")
        .order_by("pk")
    )
    place_of = {request.pk: place for place, request in enumerate(requests)}
    wants: dict[UUID, list[Want]] = defaultdict(list)
    lines = RequestLine.objects.filter(request__round=row, request__state=RequestState.ACTIVE)
    for request, item, quantity, substitute in lines.order_by("request").values_list(
        "request", "item", "quantity", "substitute"
    ):
        wants[item].append(Want(place_of[request], quantity, substitute))
    homes = [request.household for request in requests]
    products = [item.product_id for item in items]
    people = np.array([home.head_count or 0 for home in homes], np.int64)
    credits = Credit.objects.filter(household__in=homes, product__in=products)
    willing = Willing.objects.filter(request__round=row)
    ratios = Substitute.objects.filter(product__in=products, substitute__in=products)
    return Gathered(
        round=row,
        items=items,
        requests=requests,
        wants=wants,
        people=people,
        weights=_weights(items, homes, people, at),
        credits={
            (home, of): sum_ for home, of, sum_ in credits.values_list("household", "product", "carried")
        },
        willing={(one.request_id, one.item_id): one.more for one in willing},
        ratios={(one.product_id, one.substitute_id): one.ratio for one in ratios},
        on_sale={
            product: units(amount)
            for (kind, product), amount in totals(row.book).items()
            if kind is AccountKind.STOCK and product
        },
    )


def _weights(items: Sequence[RoundItem], homes: Sequence[Any], people: Any, at: datetime) -> dict[UUID, Any]:
    needs = np.array([not NEEDS_MORE.isdisjoint((home.needs or "").split()) for home in homes], np.int64)
    left = days_left(homes, at)
    foods = food_of(item.product_id for item in items)
    by_groups: dict[frozenset[str], Any] = {}
    found = {}
    for item in items:
        groups = frozenset(foods.get(item.product_id, {}))
        if groups not in by_groups:
            tenths = np.array([_tenths(left[home.pk], groups) for home in homes], np.int64)
            by_groups[groups] = weights(Problem(people, needs, tenths))
        found[item.pk] = by_groups[groups]
    return found


def _tenths(left: FoodLeft, groups: frozenset[str]) -> int:
    """Return the tenths of days that the scarcest of some kinds of food lasts; UNKNOWN where nothing is known."""
    known = [left.days[group] for group in groups if group in left.days]
    return int(min(known) * 10) if known else UNKNOWN
