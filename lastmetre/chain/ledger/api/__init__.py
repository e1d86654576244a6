"""The books for programs: postings and cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.queries.pages import (
    book_or_404,
    books_seen,
    case_or_404,
    cases,
    has_at,
    postings,
    shown,
)
from lastmetre.chain.ledger.rules import Cause, Permission
from lastmetre.ground.protection.paging import Cursor, Limit, page_of

router = Router(tags=["ledger"])


class OutcomeIn(Schema):
    """How a case was settled."""

    outcome: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


class CaseOut(Schema):
    """A case, without what was said of a person."""

    id: UUID
    kind: str
    book: UUID | None
    household: UUID | None
    product: UUID | None
    amount: int | None
    opened_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, row: Case) -> CaseOut:
        """Return a case."""
        names = ("kind", "amount", "opened_at", "settled_at")
        values: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls(id=row.pk, book=row.book_id, household=row.household_id, product=row.product_id, **values)


@router.get("/books", response=dict[str, Any])
def list_books(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The books that the caller sees, newest first."""
    request.actor.must(Permission.READ)
    page = page_of(books_seen(), by="-opened_at", cursor=cursor, size=limit)
    rows = [
        {"id": str(one.pk), "title": one.title, "opened_at": one.opened_at, "closed_at": one.closed_at}
        for one in page.rows
    ]
    return {"rows": rows, "next": page.next}


@router.get("/books/{pk}/postings", response=dict[str, Any])
def list_postings(
    request: HttpRequest,
    pk: UUID,
    household: UUID | None = None,
    cause: Cause | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """The postings of a book, first to last; of one household or cause."""
    book = book_or_404(pk)
    if not has_at(request.actor, Permission.READ, book.path):
        request.actor.must(Permission.READ, path=book.path, organisation=book.supplier_id)
    page = page_of(postings(book, household=household, cause=cause or ""), by="at", cursor=cursor, size=limit)
    rows = [
        {
            "id": str(one.id),
            "at": one.at,
            "why": one.words.text(gettext),
            "by": one.by,
            "lines": [
                {
                    "account": side.account.text(gettext),
                    "door": side.whose,
                    "good": side.product,
                    "amount": side.amount,
                }
                for side in one.sides
            ],
        }
        for one in shown(page.rows, in_full=True)
    ]
    return {"rows": rows, "next": page.next}


@router.get("/cases", response=dict[str, Any])
def list_cases(
    request: HttpRequest,
    book: UUID | None = None,
    settled: bool = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Cases that wait, or those that were settled."""
    request.actor.must(Permission.CASES)
    page = page_of(cases(book=book, is_open=not settled), by="opened_at", cursor=cursor, size=limit)
    return {"rows": [CaseOut.of(one).dict() for one in page.rows], "next": page.next}


@router.post("/cases/{pk}/settle", response=CaseOut)
def settle(request: HttpRequest, pk: UUID, payload: OutcomeIn) -> Any:
    """Settle a case in words."""
    row = case_or_404(pk)
    settle_case(row, outcome=payload.outcome, by=request.actor, at=request.now)
    return CaseOut.of(row)
