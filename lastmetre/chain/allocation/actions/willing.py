"""What a household takes when its first wish cannot be filled: another good, or more of it to fill a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.allocation.models import Willing
from lastmetre.chain.allocation.rules import check_more
from lastmetre.chain.orders.actions.requests import (
    Asked,
    Wish,
    check_may_take,
    check_version,
    place_request,
)
from lastmetre.chain.orders.models import Request, RequestLine, Round
from lastmetre.chain.orders.rules import Channel, RequestState, RoundState, Window, check_window
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What holds for one good that was ordered."""

    item: UUID
    substitute: UUID | None = None
    """Taken where the good has run out (YX7)."""
    more: Decimal = Decimal(0)
    """So much more would be taken to fill a case (foodsoft #473)."""


def state_willing(
    row: Round,
    household: Household,
    said: Sequence[Tolerance],
    *,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Request:
    """Write down what a household takes instead and besides; goods that are not named stay as they are.

    Until the cut-off, and for who takes orders for others until the round is shared out. Raises InputError
    where nothing was ordered, or more is said than a household may have (PD8). The same again changes nothing.
    """
    is_staff = check_may_take(household, by=by)
    with acting_as(SYSTEM):
        held_round = Round.objects.select_for_update(no_key=True).get(pk=row.pk)
        window = Window(RoundState(held_round.state), held_round.opens_at, held_round.closes_at)
        check_window(window, at=at, may_be_late=is_staff)
        request = Request.objects.filter(round=row, household=household, state=RequestState.ACTIVE).first()
        if request is None:
            raise InputError(
                say("This household has no order in this round."), remedy=say("Order first, then say it.")
            )
        check_version(request, version)
        lines = {line.item_id: line for line in request.lines.select_related("item__product").order_by("pk")}
        named = {one.item: one for one in said}
        if len(named) < len(said) or not named.keys() <= lines.keys():
            raise InputError(
                say("Something chosen is not in this order."), remedy=say("Open the page again and choose.")
            )
        request = _instead(request, lines, named, by=by, at=at)
        changed = _besides(request, lines, named, by=by, at=at)
        if changed:
            record("edit", "orders.request", request.pk, by=by, at=at, path=household.path, goods=changed)
    return request


def _instead(
    request: Request,
    lines: dict[UUID, RequestLine],
    named: dict[UUID, Tolerance],
    *,
    by: Actor,
    at: datetime,
) -> Request:
    """Change the substitutes through the order itself, so that its version tells of it."""
    wishes = tuple(
        Wish(
            pk,
            line.quantity,
            named[pk].substitute if pk in named else line.substitute_id,
            line.note or "",
        )
        for pk, line in lines.items()
    )
    if all(wish.substitute == lines[wish.item].substitute_id for wish in wishes):
        return request
    if any(wish.substitute == wish.item for wish in wishes):
        raise InputError(
            say("A good cannot stand in for itself."), remedy=say("Choose another one, or nothing.")
        )
    asked = Asked(
        wishes,
        Channel(request.channel),
        note=request.note or "",
        is_proxy=request.is_proxy,
        says_paid=request.says_paid,
    )
    return place_request(request.round_id, request.household, asked, by=by, at=at)


def _besides(
    request: Request,
    lines: dict[UUID, RequestLine],
    named: dict[UUID, Tolerance],
    *,
    by: Actor,
    at: datetime,
) -> int:
    """Write down who would take more; returns of how many goods it changed."""
    before = dict(Willing.objects.filter(request=request).values_list("item_id", "more"))
    changed = 0
    for pk, one in named.items():
        item = lines[pk].item
        check_more(
            one.more,
            step=item.product.step,
            room=None if item.limit is None else item.limit - lines[pk].quantity,
            is_by_case=bool(item.case_size),
            name=item.product.name,
        )
        if one.more == before.get(pk, Decimal(0)):
            continue
        changed += 1
        if not one.more:
            Willing.objects.filter(request=request, item=item).delete()
            continue
        Willing.objects.update_or_create(
            request=request,
            item=item,
            defaults={"place_id": request.place_id, "more": one.more, "at": at, "by": by.key},
        )
    return changed
