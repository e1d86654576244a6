"""Books, postings and cases as pages show them; foreign and missing ids are the same 404."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.http import Http404

from lastmetre.chain.ledger.models import Account, Book, Case, Line, Photo, Posting
from lastmetre.chain.ledger.rules import ACCOUNT_WORDS, CAUSE_WORDS, AccountKind, Cause
from lastmetre.ground.goods.models import Product
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.actor import Actor, is_within
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a posting, or all lines of a kind and product where there are too many to read."""

    account: Sentence
    whose: str
    """The door of a household; '' for an account of the whole book."""
    product: str
    """'' for money."""
    unit: str
    amount: int
    homes: int = 0
    """So many accounts together; 0: the line stands alone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One posting."""

    id: UUID
    at: datetime
    words: Sentence
    by: str
    sides: tuple[Side, ...]


def book_or_404(pk: UUID) -> Book:
    """Return a book with its place."""
    return _one(Book.objects.select_related("place", "supplier__organisation"), pk)


def case_or_404(pk: UUID) -> Case:
    """Return a case with what it is about."""
    rows = Case.objects.select_related(
        "book", "household__place__parent__parent", "product", "parcel__account", "place"
    )
    return _one(rows, pk)


def books_seen() -> QuerySet[Book]:
    """Return the books that the actor sees."""
    return Book.objects.select_related("place", "supplier__organisation")


def postings(book: Book, *, household: UUID | None = None, cause: str = "") -> QuerySet[Posting]:
    """Return the postings of a book, of one household or cause."""
    rows = Posting.objects.filter(book=book)
    if cause:
        rows = rows.filter(cause=cause)
    if household is not None:
        rows = rows.filter(pk__in=Line.objects.filter(account__owner=household).values("posting"))
    return rows


def shown(rows: Sequence[Posting], *, household: UUID | None = None, in_full: bool = False) -> list[Shown]:
    """Return postings with their lines in words; five queries however many there are.

    Of a posting with thousands of lines the sums are shown, or the lines of the one `household` that is looked
    for; `in_full` shows every line.
    """
    counts = dict(Line.objects.filter(posting__in=rows).values_list("posting").annotate(lines=Count("pk")))
    long = [] if in_full else [pk for pk, lines in counts.items() if lines > MOST_LINES]
    sides: dict[UUID, list[Side]] = defaultdict(list)
    lines = Line.objects.filter(posting__in=[one.pk for one in rows if one.pk not in long])
    if household is None:
        sides.update(_added_up(long))
    elif long:
        lines |= Line.objects.filter(posting__in=long, account__owner=household)
    found = list(lines.select_related("account", "product").order_by("pk"))
    doors = doors_of(line.account.owner for line in found)
    for line in found:
        sides[line.posting_id].append(_side(line, doors))
    return [
        Shown(one.pk, one.at, CAUSE_WORDS[Cause(one.cause)], one.by, tuple(sides[one.pk])) for one in rows
    ]


def _added_up(postings: Sequence[UUID]) -> dict[UUID, list[Side]]:
    """Return what long postings come to by kind of account and product; two queries."""
    sums = (
        Line.objects.filter(posting__in=postings)
        .values_list("posting", "account__kind", "product")
        .annotate(total=Sum("amount"), homes=Count("account", distinct=True))
        .order_by("posting", "product", "account__kind")
    )
    products = Product.objects.in_bulk({product for _, _, product, _, _ in sums if product})
    found: dict[UUID, list[Side]] = defaultdict(list)
    for posting, kind, product, total, homes in sums:
        good = products.get(product)
        words = ACCOUNT_WORDS[AccountKind(kind)]
        side = Side(
            words, "", good.name if good else "", good.unit if good else "", total, homes if homes > 1 else 0
        )
        found[posting].append(side)
    return found


def doors_of(owners: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the doors of households among owners of accounts; one query."""
    wanted = {one for one in owners if one}
    rows = Household.objects.filter(pk__in=wanted).select_related("place__parent__parent")
    return {home.pk: masked_row(home).home for home in rows}


MOST_LINES = 40
"""Lines of a posting that are shown one by one."""


def _side(line: Line, doors: dict[UUID, str]) -> Side:
    account: Account = line.account
    return Side(
        ACCOUNT_WORDS[AccountKind(account.kind)],
        doors.get(account.owner, "") if account.owner else "",
        line.product.name if line.product else "",
        line.product.unit if line.product else "",
        line.amount,
    )


def cases(*, book: UUID | None = None, is_open: bool = True) -> QuerySet[Case]:
    """Return the cases that the actor sees, open or settled."""
    rows = Case.objects.filter(settled_at__isnull=is_open)
    if book is not None:
        rows = rows.filter(book=book)
    return rows.select_related("household__place__parent__parent", "product", "book", "place", "parcel")


def photos_of(case: Case) -> list[Photo]:
    """Return the pictures of a case or of its bag, unopened."""
    things = [case.pk, *([case.parcel_id] if case.parcel_id else [])]
    return list(Photo.objects.filter(thing__in=things).only("pk", "kind", "taken_at", "thing"))


def photo_or_404(pk: UUID) -> Photo:
    """Return a picture."""
    return _one(Photo.objects.all(), pk)


def has_at(actor: Actor, permission: str, path: str) -> bool:
    """Tell whether an actor has a permission at a place, or at a part of it."""
    return actor.may(permission, path=path) or any(
        permission in grant.permissions and grant.path is not None and is_within(grant.path, path)
        for grant in actor.grants
    )


def _one(rows: QuerySet[Any], pk: UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
