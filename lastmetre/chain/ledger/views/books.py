"""The books for whoever checks them: every posting, by household and cause (PD6)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.chain.ledger.queries.pages import book_or_404, books_seen, doors_of, has_at, postings, shown
from lastmetre.chain.ledger.rules import CAUSE_WORDS, Cause, Permission
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.protection.paging import page_of


@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """All books that the actor sees, newest first."""
    request.actor.must(Permission.READ)
    page = page_of(books_seen(), by="-opened_at", cursor=request.GET.get("cursor", ""))
    return render(request, "ledger/books.html", {"rows": page.rows, "page": page})


@require_GET
def book(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The postings of a book, narrowed by door and cause."""
    row = book_or_404(pk)
    if not has_at(request.actor, Permission.READ, row.path):
        request.actor.must(Permission.READ, path=row.path, organisation=row.supplier_id)
    cause = request.GET.get("cause", "")
    cause = cause if cause in set(Cause) else ""
    words = request.GET.get("home", "").replace("\0", "").strip()[:60]
    homes = roster(row.place, words=words, limit=2).rows if words else ()
    household = homes[0].id if len(homes) == 1 else None
    rows = postings(row, household=household, cause=cause)
    page = page_of(rows, by="at", cursor=request.GET.get("cursor", ""))
    context = {
        "book": row,
        "rows": shown(page.rows, household=household),
        "page": page,
        "cause": cause,
        "words": words,
        "not_found": bool(words) and household is None,
        "only": doors_of([household]).get(household, "") if household else "",
        "causes": [(one.value, CAUSE_WORDS[one].text(gettext)) for one in Cause],
    }
    return render(request, "ledger/book.html", context)
