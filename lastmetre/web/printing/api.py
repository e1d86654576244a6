"""The papers of a round for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema

from lastmetre.web.printing.offered import papers_for, printed, round_to_print
from lastmetre.web.printing.views import as_pdf, phone_kind

router = Router(tags=["printing"])


class PaperOut(Schema):
    """A paper that the caller may print: its code, what it is called, what it is for."""

    code: str
    title: str
    purpose: str


@router.get("/rounds/{pk}", response=list[PaperOut])
def list_papers(request: HttpRequest, pk: UUID) -> Any:
    """Which papers of a round the caller may print."""
    row = round_to_print(pk, request.actor)
    return [
        PaperOut(code=one.code, title=one.title.text(gettext), purpose=one.purpose.text(gettext))
        for one in papers_for(row, request.actor)
    ]


@router.get("/rounds/{pk}/{paper}")
def get_paper(request: HttpRequest, pk: UUID, paper: str, phone: str = "tail") -> Any:
    """One paper as PDF; `phone` is tail, masked or none. That it was printed is recorded."""
    row = round_to_print(pk, request.actor)
    kind = phone_kind(request)
    pdf = printed(row, paper, phone=kind, translate=gettext, by=request.actor, at=request.now)
    return as_pdf(row, paper, pdf)
