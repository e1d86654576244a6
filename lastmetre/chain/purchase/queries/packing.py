"""What goes into whose bag: what the books say each household was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db.models import Case, F, QuerySet, When

from lastmetre.chain.ledger.models import Balance, Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.ground.places.models import Cart, Household
from lastmetre.ground.places.queries.roster import doors_within
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.many import one_of
from lastmetre.papers.codes import BagCode


@dataclass(frozen=True, slots=True)
class Contents:
    """One household's bag to be."""

    household: Household
    goods: tuple[tuple[UUID, int], ...]
    """(product, thousandths of a sale unit), in the order of the round."""


def contents_of(row: Round, *, only: Collection[UUID] | None = None) -> list[Contents]:
    """Return every household's bag by building, unit, room, or some of them; within SYSTEM, three queries."""
    number = {product: place for place, product in enumerate(row.items.values_list("product", flat=True))}
    owed: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    rows = _promised(row)
    if only is not None:
        rows = rows.filter(account__owner__in=list(only))
    for home, product, amount in rows.values_list("account__owner", "product", "amount"):
        owed[home].append((product, amount))
    return [
        Contents(home, tuple(sorted(owed[home.pk], key=lambda one: number.get(one[0], 0))))
        for home in doors_of(row, owed)
    ]


def _promised(row: Round) -> QuerySet[Balance]:
    return Balance.objects.filter(
        account__book=row.book_id, account__kind=AccountKind.OWED, amount__gt=0, product__isnull=False
    )


def doors_with_bags(row: Round) -> list[tuple[UUID, str]]:
    """Return who is promised something, by their doors, each with its building's name; two queries, no rows.

    The ids go in as a list: as a query inside it took 30 s while the tables' statistics were of smaller ones.
    """
    homes = doors_of(row, _promised(row).values_list("account__owner", flat=True).distinct())
    building = Case(
        When(place__parent__kind=PlaceKind.UNIT, then=F("place__parent__parent__name")),
        default=F("place__parent__name"),
    )
    return list(homes.annotate(building=building).values_list("pk", "building"))


def numbered(homes: Sequence[UUID], made: Mapping[UUID, int]) -> Iterator[tuple[int, UUID]]:
    """Number bags by their doors; bags that are made keep their number (`made`, by household)."""
    taken = set(made.values())
    last = max([*taken, len(homes)], default=0)
    for place, home in enumerate(homes, start=1):
        number = made.get(home)
        if number is None and place in taken:
            number = last = last + 1
        yield number or place, home


def doors_of(row: Round, households: Iterable[UUID]) -> QuerySet[Household]:
    """Return households in the order of their doors: 9号楼 before 10号楼."""
    return doors_within(row.place).filter(one_of("pk", households))


def box_key(row: Round, number: int) -> UUID:
    """Return what a box of a round is known by before it is made."""
    return uuid5(row.book_id, f"box {number}")


def codes_of(row: Round, boxes: int = 0) -> dict[UUID, BagCode]:
    """Return the codes of all bags and boxes that a round may have; the same whenever they are asked for.

    All who ever asked are counted in: a bag keeps its code when another one drops out.
    """
    asked = set(row.requests.values_list("household", flat=True))
    owed = Balance.objects.filter(account__book=row.book_id, account__kind=AccountKind.OWED)
    asked |= set(owed.values_list("account__owner", flat=True))
    keys = [home for home in asked if home] + [box_key(row, one) for one in range(1, boxes + 1)]
    return codes_for(row.book_id, keys)


def carts_by_unit(row: Round) -> dict[UUID, int]:
    """Return the number of the cart that serves each unit (ER3b); one query."""
    carts = Cart.objects.filter(place=row.place_id, unit__isnull=False).order_by("-number")
    return dict(carts.values_list("unit", "number"))


def bags_of(row: Round) -> QuerySet[Parcel]:
    """Return the bags of a round that are on their way, with whose they are and what is in them."""
    return (
        Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None)
        .select_related("household__place__parent__parent")
        .prefetch_related("items__product")
        .order_by("number")
    )


def came_before(row: Round) -> bool:
    """Tell whether bags of a round have been taken in at the gate already."""
    beyond = (AccountKind.GATE, AccountKind.CART, AccountKind.POINT, AccountKind.DOOR)
    return Parcel.objects.filter(book=row.book_id, account__kind__in=[kind.value for kind in beyond]).exists()


def boxes_of(row: Round) -> list[Parcel]:
    """Return the boxes of a round with their bags; three queries."""
    return list(
        Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BOX, ended_at=None)
        .prefetch_related("bags__household__place__parent__parent", "bags__items__product")
        .order_by("number")
    )
