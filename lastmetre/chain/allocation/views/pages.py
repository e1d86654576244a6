"""Pages: a round's sharing, one share by hand, the published list, what a household gets and why."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from lastmetre.chain.allocation.actions.overriding import override_share
from lastmetre.chain.allocation.actions.sharing import allocate, undo_allocation
from lastmetre.chain.allocation.forms.pages import OverrideForm
from lastmetre.chain.allocation.models import Share
from lastmetre.chain.allocation.queries.lasting import days_left
from lastmetre.chain.allocation.queries.published import Rows, own_codes, published
from lastmetre.chain.allocation.queries.shares import (
    allocation_of,
    household_or_404,
    outcomes_of,
    round_or_404,
    share_or_404,
    shares_of,
    shares_of_household,
)
from lastmetre.chain.allocation.rules import Permission
from lastmetre.chain.orders.notice_rules import said_again
from lastmetre.chain.orders.rules import ROUND_WORDS, RoundState
from lastmetre.chain.orders.rules import Permission as Orders
from lastmetre.ground.goods.standing import GROUP_NAMES
from lastmetre.ground.places.queries.roster import masked_row
from lastmetre.ground.protection.actor import SYSTEM, ActorKind
from lastmetre.ground.protection.paging import page_of
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


@require_GET
def sharing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The liaison's page: share out, what is short and to spare, every share with its reason."""
    row = round_or_404(pk)
    request.actor.must(Permission.DECIDE, path=row.path)
    state = RoundState(row.state)
    page = page_of(shares_of(row), by="place__sort_key", cursor=request.GET.get("cursor", ""), ids_first=True)
    context = {
        "row": row,
        "state": ROUND_WORDS[state],
        "can_share": state is RoundState.CUT_OFF,
        "can_undo": state is RoundState.ALLOCATED,
        "is_shared": allocation_of(row) is not None,
        "outcomes": [(one, said_again(one.sentence)) for one in outcomes_of(row)],
        "page": page,
        "rows": [(one, masked_row(one.request.household).home) for one in page.rows],
    }
    return render(request, "allocation/sharing.html", context)


@require_POST
def share_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share the round out; twice is once."""
    allocate(round_or_404(pk), by=request.actor, at=request.now)
    messages.success(request, say("It is shared out. Look at what is short.").text(gettext))
    return redirect("allocation:sharing", pk=pk)


@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the sharing back."""
    undo_allocation(round_or_404(pk), by=request.actor, at=request.now)
    messages.success(request, say("It is taken back. The late list is open again.").text(gettext))
    return redirect("allocation:sharing", pk=pk)


def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give one household more or less, and say why."""
    row = share_or_404(pk)
    request.actor.must(Permission.DECIDE, path=row.allocation.path)
    form = OverrideForm(request.POST or None, initial={"quantity": f"{row.got.normalize() + 0:f}"})
    if request.method == "POST" and form.is_valid():
        try:
            override_share(row, **form.cleaned_data, by=request.actor, at=request.now)
        except InputError as error:
            form.add_error(None, error.text(gettext))
        else:
            messages.success(request, say("Changed. The household is told.").text(gettext))
            return redirect("allocation:sharing", pk=row.allocation.round_id)
    context = {"share": row, "reason": said_again(row.reason), "form": form}
    return render(request, "allocation/share.html", context, status=422 if form.is_bound else 200)


@require_GET
def listed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The published list of a good, to be checked by everybody who sees the round, and printed."""
    row = round_or_404(pk)
    allocation = allocation_of(row)
    outcomes = [one for one in outcomes_of(row) if one.wanted]
    shown = next((one for one in outcomes if one.item.code == request.GET.get("good")), None)
    shown = shown or next(iter(outcomes), None)
    page = Rows(())
    if allocation is not None and shown is not None:
        with acting_as(SYSTEM):
            page = published(allocation, shown.item_id, after=request.GET.get("cursor", ""))
    context = {
        "row": row,
        "allocation": allocation,
        "shown": shown,
        "sentence": said_again(shown.sentence) if shown else "",
        "page": page,
        "tabs": [
            (str(one.item.product), f"?{urlencode({'good': one.item.code})}", one is shown)
            for one in outcomes
        ],
    }
    return render(request, "allocation/listed.html", context)


@require_GET
def household(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a household asked for and gets, why, and how long its food lasts."""
    home = household_or_404(pk)
    if not (request.actor.kind is ActorKind.HOUSEHOLD and request.actor.key == str(pk)):
        request.actor.must(Orders.TAKE, path=home.path)
    shares = [(one, said_again(one.reason)) for one in shares_of_household(home)]
    left = days_left([home], request.now)[pk]
    codes = {one.allocation_id: one.allocation for one, _ in shares}
    context = {
        "home": home,
        "rounds": [
            (
                allocation.round,
                _code(allocation, pk),
                [pair for pair in shares if pair[0].allocation_id == key],
            )
            for key, allocation in codes.items()
        ],
        "left": left,
        "days": [(GROUP_NAMES.get(group, group), days) for group, days in left.days.items()],
    }
    return render(request, "allocation/household.html", context)


def _code(allocation: object, pk: UUID) -> str:
    with acting_as(SYSTEM):
        everybody = Share.objects.filter(allocation=allocation).values_list("request__household", flat=True)
        return own_codes(allocation, list(everybody.distinct()))[pk]  # type: ignore[arg-type]
