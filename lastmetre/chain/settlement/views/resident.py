"""The household's own pages: what to pay and how, what was paid, the statement (FC2c)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from lastmetre.chain.ledger.views.pictures import picture
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.actions.payments import Claimed, claim
from lastmetre.chain.settlement.forms.pages import ClaimForm
from lastmetre.chain.settlement.models import Claim
from lastmetre.chain.settlement.queries.bills import waiting_fen
from lastmetre.chain.settlement.queries.found import (
    payee_of,
    photo_of_goods_or_404,
    photo_or_404,
    photos_of,
    photos_of_goods,
    round_or_404,
)
from lastmetre.chain.settlement.queries.statements import statement_of
from lastmetre.chain.settlement.rules import CLAIM_WORDS, ClaimState, Permission
from lastmetre.chain.settlement.views.shared import frame
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.ids import new_id
from lastmetre.terms import InputError

CLAIM_LOOKS = {ClaimState.OPEN: "wait", ClaimState.CONFIRMED: "good", ClaimState.REFUSED: "act"}


def own_household(request: HttpRequest, row: Round) -> Household:
    """Return the household of this device; 404 for anybody else, and for another compound's round."""
    found = Household.objects.filter(pk=getattr(request.visitor, "household", None), path__within=row.path)
    home = found.select_related("place__parent__parent").first()
    if home is None:
        raise Http404
    return home


def pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What there is to pay, line by line, whom and how; and "I have paid"."""
    row = round_or_404(pk)
    home = own_household(request, row)
    found = statement_of(row, home)
    initial = {"amount_fen": max(found.due_fen, 0) or None, "id": new_id()}
    form = ClaimForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        photo = given["photo"].read() if given["photo"] else b""
        told = Claimed(given["amount_fen"], given["reference"], given["paid_at"], photo=photo, id=given["id"])
        try:
            claim(row, home, told, by=request.actor, at=request.now)
        except InputError as error:
            form.refuse(error)
        else:
            return redirect("settlement:pay", pk=pk)
    claims = Claim.objects.filter(book=row.book_id, household=home).order_by("-made_at")
    shown = [(one, CLAIM_WORDS[ClaimState(one.state)], CLAIM_LOOKS[ClaimState(one.state)]) for one in claims]
    context = {
        **frame(request, row),
        "found": found,
        "payee": payee_of(row),
        "waiting_fen": waiting_fen(row, home) if found.due_fen > 0 else 0,
        "claims": shown,
        "waits": any(one.state == ClaimState.OPEN for one in claims),
        "photos": photos_of([found.bag.pk], "packed") if found.bag else [],
        "goods": photos_of_goods(row),
        "form": form,
    }
    return render(request, "settlement/pay.html", context, status=422 if form.is_bound else 200)


@require_GET
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The household's own statement, to read and to print."""
    row = round_or_404(pk)
    home = own_household(request, row)
    return render(request, "settlement/sheet.html", {"row": row, "found": statement_of(row, home)})


@require_GET
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A picture of packed goods, or of a payment: for its household, its confirmers, its supplier."""
    row = photo_or_404(pk)
    is_own = request.actor.key == str(getattr(request.visitor, "household", "")) and bool(request.actor.sees)
    if not is_own:
        request.actor.must(Permission.CONFIRM, path=row.path, organisation=row.supplier_id)
    return picture(row)


@require_GET
def goods(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponse:
    """A picture of all goods of a round, for each household that the round is for."""
    row = round_or_404(pk)
    own_household(request, row)
    return picture(photo_of_goods_or_404(row, photo))
