"""Statements of the payment apps: taken in, and the lines that a person settles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lastmetre.chain.ledger.views.trying import tried
from lastmetre.chain.settlement.actions.statements import (
    Imported,
    import_statement,
    match_again,
    set_aside,
    settle_line,
)
from lastmetre.chain.settlement.forms.files import stored
from lastmetre.chain.settlement.forms.pages import StatementForm
from lastmetre.chain.settlement.models import StatementLine
from lastmetre.chain.settlement.queries.found import (
    find_household,
    line_or_404,
    must_see_money,
    round_or_404,
)
from lastmetre.chain.settlement.rules import LineState, Permission
from lastmetre.chain.settlement.rules.matching import Ground
from lastmetre.chain.settlement.views.shared import frame
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.paging import page_of
from lastmetre.terms import InputError, Sentence, say

GROUND_WORDS: dict[Ground, Sentence] = {
    Ground.SEVERAL: say("Several households fit."),
    Ground.ONLY_AMOUNT: say("Only the amount fits: nothing else speaks for it."),
    Ground.OTHER_AMOUNT: say("The door fits, the amount does not."),
    Ground.NOTHING_OPEN: say("This door has nothing to pay."),
    Ground.NOTHING: say("Nothing fits."),
    Ground.GIVEN_BACK: say("Money was given back."),
}


def lines(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a statement in, and settle what is nobody's yet."""
    row = round_or_404(pk)
    is_own = row.supplier_id in request.actor.organisations
    if not is_own:
        must_see_money(request.actor, row, Permission.CONFIRM)
    if request.method == "POST" and request.POST.get("what") == "again":
        again = lambda: match_again(row, by=request.actor, at=request.now)  # noqa: E731
        return tried(request, again, done=say("Looked through again."), to="settlement:lines", pk=pk)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        request.actor.must(Permission.CONFIRM, path=row.path, organisation=row.supplier_id)
        try:
            with stored(form.cleaned_data["file"]) as path:
                found = import_statement(row, path, by=request.actor, at=request.now)
        except InputError as error:
            form.refuse(error)
        else:
            for sentence in summary(found):
                messages.success(request, sentence.text(gettext))
            return redirect("settlement:lines", pk=pk)
    context = {**frame(request, row), "form": form, **_waiting(request, row.supplier_id)}
    return render(request, "settlement/lines.html", context, status=422 if form.is_bound else 200)


def _waiting(request: HttpRequest, supplier: UUID) -> dict[str, Any]:
    queue = StatementLine.objects.filter(supplier=supplier, state=LineState.OPEN)
    page = page_of(queue, by="paid_at", cursor=request.GET.get("cursor", ""))
    wanted = {one for line in page.rows for one in line.candidates}
    homes = {
        str(home.pk): masked_row(home)
        for home in Household.objects.filter(pk__in=wanted).select_related("place__parent__parent")
    }
    rows = [
        (
            line,
            GROUND_WORDS.get(Ground(line.ground), GROUND_WORDS[Ground.NOTHING]),
            [homes[one] for one in line.candidates if one in homes],
        )
        for line in page.rows
    ]
    return {"rows": rows, "page": page}


def summary(found: Imported) -> list[Sentence]:
    """Return what a statement brought, in words."""
    said = [
        say(
            "{new} new lines, {known} known already. {counted} found their household, {waiting} wait for you.",
            new=found.new,
            known=found.known,
            counted=found.counted,
            waiting=found.waiting,
        )
    ]
    said += [say("Row {row}: {what}", row=row, what=what) for row, what in found.doubts[:5]]
    return said


@require_POST
def line(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    """Say whose a line is, or set it aside."""
    row, found = round_or_404(pk), line_or_404(line)
    request.actor.must(Permission.CONFIRM, path=row.path)
    write: dict[str, Any] = {"by": request.actor, "at": request.now}
    what = request.POST.get("what", "")
    if what == "aside":
        do = lambda: set_aside(found, why=request.POST.get("why", ""), **write)  # noqa: E731
        return tried(request, do, done=say("Set aside."), to="settlement:lines", pk=pk)
    if what not in ("home", "door"):
        raise Http404

    def settle() -> None:
        home = _chosen(request, row, what)
        settle_line(found, row, home, **write)

    return tried(request, settle, done=say("Counted."), to="settlement:lines", pk=pk)


def _chosen(request: HttpRequest, row: Any, what: str) -> Household:
    words = request.POST.get(what, "")[:60]
    home = None
    if what == "home":
        home = Household.objects.filter(pk=words, path__within=row.path).first() if _is_id(words) else None
    elif words.strip():
        home = find_household(row, words)
    if home is None:
        raise InputError(
            say("No single household is called that."), remedy=say("Write its door, such as 1-1-101.")
        )
    return home


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
