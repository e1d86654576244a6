"""Books, postings and cases as pages show them; foreign and missing ids are the same 404."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from lastmetre.chain.ledger.models import Account, Book, Case, Line, Photo, Posting
from lastmetre.chain.ledger.rules import ACCOUNT_WORDS, CAUSE_WORDS, AccountKind, Cause
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.actor import Actor, is_within
from lastmetre.terms import Sentence


@dataclass(frozen=True, slots=True)
class Side:
    """One line of a posting."""

    account: Sentence
    whose: str
    """The door of a household; '' for an account of the whole book."""
    product: str
    """'' for money."""
    unit: str
    amount: int


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
        "book", "household__place__parent__parent", "product", "parcel", "place"
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


def shown(rows: Sequence[Posting]) -> list[Shown]:
    """Return postings with their lines in words; three queries however many there are."""
    lines: dict[UUID, list[Any]] = defaultdict(list)
    found = Line.objects.filter(posting__in=rows).select_related("account", "product").order_by("pk")
    for line in found:
        lines[line.posting_id].append(line)
    doors = doors_of(line.account.owner for some in lines.values() for line in some)
    return [
        Shown(
            one.pk,
            one.at,
            CAUSE_WORDS[Cause(one.cause)],
            one.by,
            tuple(_side(line, doors) for line in lines[one.pk]),
        )
        for one in rows
    ]


def doors_of(owners: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the doors of households among owners of accounts; one query."""
    wanted = {one for one in owners if one}
    rows = Household.objects.filter(pk__in=wanted).select_related("place__parent__parent")
    return {home.pk: masked_row(home).home for home in rows}


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
