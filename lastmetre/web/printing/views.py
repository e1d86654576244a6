"""The page from which the papers of a round are printed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from lastmetre.chain.doorstep.actions.doors import Answer
from lastmetre.chain.doorstep.rules import Permission as Doorstep
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import taken_paths
from lastmetre.chain.orders.rules import ROUND_WORDS, Permission, RoundState
from lastmetre.papers.pack import PhoneKind
from lastmetre.papers.workbook import file_name
from lastmetre.terms import say
from lastmetre.web.printing.gathering import doors_by_cart
from lastmetre.web.printing.keying import Line, choices, key_in
from lastmetre.web.printing.keying import door_list as list_of
from lastmetre.web.printing.offered import PHONES, papers_for, printed, round_to_print

BEFORE_SHARING = (RoundState.DRAFT, RoundState.OPEN, RoundState.CUT_OFF)
LABELS = "labels-"
"""How the codes of papers begin that are shown first."""


@require_GET
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All papers of a round that the visitor may print, each one tap."""
    row = round_to_print(pk, request.actor)
    found = papers_for(row, request.actor)
    chosen = phone_kind(request)
    context = {
        "row": row,
        "labels": [one for one in found if one.code.startswith(LABELS)],
        "papers": [one for one in found if not one.code.startswith(LABELS)],
        "is_liaison": request.actor.may(Permission.ROUNDS, path=row.path),
        "is_of_place": bool(taken_paths(row, request.actor)),
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


@require_GET
def lists(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The door lists of a round by number: the one that came back on paper is keyed in."""
    row = _for_keying(request, pk)
    return render(request, "printing/lists.html", {"row": row, "lists": doors_by_cart(row)})


def door_list(request: HttpRequest, pk: UUID, cart: int) -> HttpResponse:
    """One door list: each door as on paper, with the number that was ticked."""
    row = _for_keying(request, pk)
    sheet = list_of(row, cart)
    if sheet is None:
        raise Http404
    refused: list[tuple[Line, Answer]] = []
    typed: dict[UUID, str] = {}
    wrong: frozenset[UUID] = frozenset()
    if request.method == "POST":
        typed = {one.household: request.POST.get(f"t-{one.household}", "").strip() for one in sheet.lines}
        rest = "0" if "rest" in request.POST else ""
        told = {one.household: typed[one.household] or ("" if one.ended else rest) for one in sheet.lines}
        numbers = {str(number): outcome for number, outcome, _ in choices()}
        wrong = frozenset(key for key, text in told.items() if text and text not in numbers)
        if not wrong:
            ticked = {key: numbers[text] for key, text in told.items() if text}
            refused = key_in(row, sheet, ticked, by=request.actor, at=request.now)
            if not refused:
                done = say("List {number}: {count} doors entered.", number=cart, count=len(ticked))
                messages.success(request, done.text(gettext))
                return redirect("printing:lists", row.pk)
            sheet = list_of(row, cart) or sheet
    context = {
        "row": row,
        "sheet": sheet,
        "lines": [(one, typed.get(one.household, ""), one.household in wrong) for one in sheet.lines],
        "choices": [(number, words) for number, _, words in choices()],
        "refused": refused,
    }
    return render(request, "printing/list.html", context, status=422 if refused or wrong else 200)


def _for_keying(request: HttpRequest, pk: UUID) -> Round:
    row = round_to_print(pk, request.actor)
    request.actor.must(Doorstep.PLAN, path=row.path)
    return row


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
