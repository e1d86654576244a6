"""How many days the food of households lasts: what was delivered when, against the rations (field notes)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, Sum
from django.db.models.functions import TruncDate

from lastmetre.chain.ledger.models import Line
from lastmetre.chain.ledger.rules import MILLI, AccountKind
from lastmetre.ground.goods.models import PackageContent, Product
from lastmetre.ground.goods.queries.catalogue import rations
from lastmetre.ground.places.models import Household

LOOKS_BACK = timedelta(days=60)
"""What came before is eaten: 25 kg of rice last two people 36 days."""
USUAL_PEOPLE = Decimal("2.6")
"""Where nobody knows how many live there (field: 1.6-3.3 in seven compounds)."""
MANY = 50
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Came:
    """Grams of one kind of food that came at a time, and the days that it keeps (None: months)."""

    at: datetime
    weight_g: Decimal
    keeps_days: int | None = None


@dataclass(frozen=True, slots=True)
class FoodLeft:
    """How long the food lasts that the product knows of; nobody's own cupboard is looked into."""

    days: Mapping[str, Decimal] = field(default_factory=dict)
    """By ration group, of what ever came within the last 60 days; rounded down to tenths."""
    people: Decimal = USUAL_PEOPLE
    is_people_known: bool = False
    last_at: datetime | None = None
    """When something edible last came; None: nothing is known, which is not "has enough"."""

    @property
    def first(self) -> Decimal | None:
        """Days until the first kind runs out; None where nothing is known."""
        return min(self.days.values()) if self.days else None

    @property
    def all_gone(self) -> Decimal | None:
        """Days until all of it is gone: for the silence alarm; None where nothing is known."""
        return max(self.days.values()) if self.days else None


def days_left(households: Sequence[Household], at: datetime) -> dict[UUID, FoodLeft]:
    """Return how long each household's food lasts at a time; four queries, however many households."""
    rows = _came_to(households, at)
    foods = food_of({product for _, product, *_ in rows})
    ration_of = rations()
    came: dict[UUID, dict[str, list[Came]]] = defaultdict(lambda: defaultdict(list))
    for owner, product, when, amount in rows:
        for group, (grams, keeps) in foods.get(product, {}).items():
            came[owner][group].append(Came(when, grams * amount / MILLI, keeps))
    return {home.pk: _left(home, came.get(home.pk, {}), ration_of, at) for home in households}


def _left(
    home: Household, came: Mapping[str, Sequence[Came]], ration_of: Mapping[str, int], at: datetime
) -> FoodLeft:
    people = Decimal(home.head_count) if home.head_count else USUAL_PEOPLE
    days = {
        group: remaining(deliveries, ration_of[group] * people, at)
        for group, deliveries in came.items()
        if ration_of.get(group)
    }
    last = max((one.at for some in came.values() for one in some), default=None)
    return FoodLeft(days, people, bool(home.head_count), last)


def remaining(came: Iterable[Came], a_day_g: Decimal, at: datetime) -> Decimal:
    """Return the days that food still lasts: eaten day by day since it came, never less than nothing.

    What spoils feeds nobody: a delivery counts for no more days than it keeps.
    """
    left, since = Decimal(0), at
    for one in sorted(came, key=lambda one: one.at):
        left = max(left - _days(one.at - since), Decimal(0)) if left else Decimal(0)
        gained = one.weight_g / a_day_g
        left, since = (
            left + (gained if one.keeps_days is None else min(gained, Decimal(one.keeps_days))),
            one.at,
        )
    return max(left - _days(at - since), Decimal(0)).quantize(TENTH, ROUND_DOWN)


def _days(span: timedelta) -> Decimal:
    return Decimal(int(span.total_seconds())) / 86_400


def _came_to(households: Sequence[Household], at: datetime) -> list[tuple[UUID, UUID, datetime, Decimal]]:
    """Gather what the doors received, a row a household, product and day: what was undone counts for nothing."""
    if not households:
        return []
    paths = [home.path for home in households]
    where = (
        Q(account__path__within_any=paths) if len(paths) <= MANY else Q(account__path__within=common(paths))
    )
    rows = (
        Line.objects.filter(where, account__kind=AccountKind.DOOR, product__isnull=False)
        .filter(posting__at__gt=at - LOOKS_BACK, posting__at__lte=at)
        .values("account__owner", "product", day=TruncDate("posting__at"))
        .annotate(total=Sum("amount"), last=Max("posting__at"))
        .filter(total__gt=0)
    )
    return [(row["account__owner"], row["product"], row["last"], Decimal(row["total"])) for row in rows]


def common(paths: Sequence[str]) -> str:
    """Return the nearest place that lies above all of some places."""
    first, last = min(paths).split("."), max(paths).split(".")
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    return ".".join(first[:shared])


def food_of(products: Iterable[UUID]) -> dict[UUID, dict[str, tuple[Decimal, int | None]]]:
    """Return the grams of each ration group in a sale unit, and how long they keep; packages by their lines.

    Two queries, however many products.
    """
    wanted = list(products)
    found: dict[UUID, dict[str, tuple[Decimal, int | None]]] = defaultdict(dict)
    lines = PackageContent.objects.filter(package__in=wanted, product__isnull=False)
    for line in lines.select_related("product__category"):
        _add(found[line.package_id], line.product, line.quantity)
    for product in Product.objects.filter(pk__in=wanted).select_related("category"):
        if product.pk not in found and not product.is_package:
            _add(found[product.pk], product, Decimal(1))
    return found


def _add(groups: dict[str, tuple[Decimal, int | None]], product: Any, quantity: Decimal) -> None:
    group = product.category.ration_group
    if not group or not product.weight_g:
        return
    grams, keeps = groups.get(group, (Decimal(0), product.keeps_days))
    kept = [days for days in (keeps, product.keeps_days) if days is not None]
    groups[group] = (grams + product.weight_g * quantity, min(kept) if kept else None)
