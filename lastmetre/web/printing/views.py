"""The page from which the papers of a round are printed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import ROUND_WORDS, Permission, RoundState
from lastmetre.papers.pack import PhoneKind
from lastmetre.papers.workbook import file_name
from lastmetre.web.printing.offered import PHONES, papers_for, printed, round_to_print

BEFORE_SHARING = (RoundState.DRAFT, RoundState.OPEN, RoundState.CUT_OFF)
FIRST = 3
"""Papers that are shown large: the labels."""


@require_GET
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All papers of a round that the visitor may print, each one tap."""
    row = round_to_print(pk, request.actor)
    found = papers_for(row, request.actor)
    chosen = phone_kind(request)
    context = {
        "row": row,
        "labels": found[:FIRST],
        "papers": found[FIRST:],
        "is_liaison": request.actor.may(Permission.ROUNDS, path=row.path),
        "is_early": row.state in BEFORE_SHARING,
        "state": ROUND_WORDS[RoundState(row.state)],
        "phone": chosen.value,
        "phones": [(words, f"?phone={kind.value}", kind is chosen) for kind, words in PHONES.items()],
    }
    return render(request, "printing/papers.html", context)


@require_GET
def paper(request: HttpRequest, pk: UUID, paper: str) -> HttpResponse:
    """One paper as PDF."""
    row = round_to_print(pk, request.actor)
    return as_pdf(
        row,
        paper,
        printed(
            row,
            paper,
            phone=phone_kind(request),
            translate=gettext,
            by=request.actor,
            at=request.now,
        ),
    )


def as_pdf(row: Round, code: str, pdf: bytes) -> HttpResponse:
    """Answer with a PDF under a name by which people find it again."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    name = f"{file_name(row.title)} {code}.pdf"
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return answer


def phone_kind(request: HttpRequest) -> PhoneKind:
    """Return how much of the numbers was asked for; the last four digits where nothing was."""
    asked = request.GET.get("phone", "")
    return next((one for one in PHONES if one.value == asked), PhoneKind.TAIL)
