"""What households ask for: one way in for every channel, onto one household and one quota (house law 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from lastmetre.chain.ledger.actions.parcels import owed_to
from lastmetre.chain.ledger.actions.posting import NotEnough, post
from lastmetre.chain.ledger.rules import AccountKind, Amount, Cause, Spot, milli, moved
from lastmetre.chain.orders.models import Request, RequestLine, Round, RoundItem
from lastmetre.chain.orders.queries.quotas import every_days_of, last_asked_elsewhere, orders_in
from lastmetre.chain.orders.rules import (
    Channel,
    Permission,
    RequestState,
    RoundState,
    Window,
    check_quantity,
    check_quota,
    check_window,
)
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

REQUEST = "orders.request"
STOCK = AccountKind.STOCK


@dataclass(frozen=True, slots=True)
class Wish:
    """So much of one good of the round."""

    item: UUID
    quantity: Decimal
    substitute: UUID | None = None
    """Another good of the round that is taken when this has run out."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a household asks for, and how it came in."""

    wishes: tuple[Wish, ...]
    channel: Channel
    note: str = ""
    is_proxy: bool = False
    says_paid: bool = False
    version: int | None = None
    """Of the request that was shown: one that was changed meanwhile is refused. None: whatever is there."""
    exception: str = ""
    """Why the quota does not count this time; for who takes orders for others."""


class Changed(InputError):
    """Somebody else changed the request meanwhile."""


def place_request(round_id: UUID, household: Household, asked: Asked, *, by: Actor, at: datetime) -> Request:
    """Make a household's request of a round what is asked; the same again changes nothing.

    Refuses, with a sentence and without effect: a round that is not open, a quota that is not due (FC5), a
    limit (PD8), a stock that has run out, hands that are full, a request that somebody else changed meanwhile.
    """
    is_staff = check_may_take(household, by=by)
    with acting_as(SYSTEM):
        # Held until the end: no cut-off can fall between the check and the entry.
        row = Round.objects.select_for_update(no_key=True).select_related("book").get(pk=round_id)
        check_belongs(row, household)
        window = Window(RoundState(row.state), row.opens_at, row.closes_at)
        is_late = check_window(window, at=at, may_be_late=is_staff)
        # Nor can the same household ask in two rounds at once, each unaware of the other (FC5).
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)
        held = Request.objects.filter(round=row, household=household).first()
        has_asked = held is not None and held.state == RequestState.ACTIVE
        if not has_asked and not (is_staff and asked.exception.strip()):
            last = last_asked_elsewhere(household, row)
            check_quota(last, every_days=every_days_of(row, at), at=at)
        check_version(held, asked.version)
        check_hands(row, held, orders_in(row) if row.most_orders is not None else 0)
        items = {item.pk: item for item in row.items.select_related("product")}
        wishes = checked_wishes(asked.wishes, items)
        request = held or Request(
            round=row,
            household=household,
            place_id=household.place_id,
            response=response_for(household.path),
            asked_at=at,
            is_late=is_late,
        )
        before = lines_of(held)
        fill(request, asked, by=by, at=at, is_new=held is None)
        request.save(force_insert=held is None)
        write_lines([(request, wishes)])
        take_from_stock(row, household, items, before, wishes, by=by, at=at, thing=request.pk)
        record(
            "asked",
            REQUEST,
            request.pk,
            by=by,
            at=at,
            path=household.path,
            why=asked.exception.strip(),
            channel=asked.channel.value,
            goods=len(wishes),
        )
    return request


def cancel_request(request: Request, *, by: Actor, at: datetime) -> None:
    """Take a request back until the cut-off; who takes orders for others may until the round is shared out."""
    is_staff = check_may_take(request.household, by=by)
    with acting_as(SYSTEM):
        row = Round.objects.select_for_update(no_key=True).select_related("book").get(pk=request.round_id)
        check_window(Window(RoundState(row.state), row.opens_at, row.closes_at), at=at, may_be_late=is_staff)
        held = Request.objects.get(pk=request.pk)
        if held.state == RequestState.CANCELLED:
            return
        before = lines_of(held)
        items = {item.pk: item for item in row.items.all()}
        held.state, held.changed_at, held.changed_by = RequestState.CANCELLED, at, by.key
        held.version = F("version") + 1
        held.save(update_fields=["state", "changed_at", "changed_by", "version"])
        take_from_stock(row, held.household, items, before, (), by=by, at=at, thing=held.pk)
        record("cancelled", REQUEST, held.pk, by=by, at=at, path=held.household.path)
        request.refresh_from_db()


def check_may_take(household: Household, *, by: Actor) -> bool:
    """Return whether the actor takes orders for others here; raises Denied for neither household nor taker."""
    if by.kind is ActorKind.HOUSEHOLD and by.key == str(household.pk):
        return False
    by.must(Permission.TAKE, path=household.path)
    return True


def check_belongs(row: Round, household: Household) -> None:
    """Raise InputError for a household of another compound."""
    if not household.path.startswith(row.path + "."):
        raise InputError(
            say("This household does not live in the round's compound."),
            remedy=say("Choose the round of its own compound."),
        )


def check_version(held: Request | None, version: int | None) -> None:
    """Raise Changed where the request is no longer as it was shown."""
    if version is not None and (held.version if held else 0) != version:
        raise Changed(
            say("Somebody else has changed this order meanwhile."),
            remedy=say("Look at it as it is now, and change it again if need be."),
        )


def check_hands(row: Round, held: Request | None, orders: int) -> None:
    """Raise InputError where a round with so many orders takes no further one (house law 7)."""
    is_counted = held is not None and held.state == RequestState.ACTIVE
    if row.most_orders is not None and not is_counted and orders >= row.most_orders:
        raise InputError(
            say("This round is full: {count} orders are what people here can carry.", count=row.most_orders),
            remedy=say("Ring your building head: whoever cannot wait is put first in the next round."),
        )


def checked_wishes(wishes: Sequence[Wish], items: Mapping[UUID, RoundItem]) -> tuple[Wish, ...]:
    """Return what can be ordered of a round; raises InputError (PD8)."""
    if not wishes:
        raise InputError(
            say("Nothing was chosen."), remedy=say("Write how many you want of at least one thing.")
        )
    if len({wish.item for wish in wishes}) < len(wishes):
        raise InputError(say("One thing is there twice."), remedy=say("Add the two quantities."))
    for wish in wishes:
        item = items.get(wish.item)
        if item is None or (wish.substitute is not None and wish.substitute not in items):
            raise InputError(
                say("Something chosen is not in this round."), remedy=say("Open the list again and choose.")
            )
        product = item.product
        check_quantity(
            wish.quantity, step=product.step, limit=item.limit, name=product.name, unit=product.unit
        )
    return tuple(wishes)


def lines_of(request: Request | None) -> dict[UUID, Decimal]:
    """Return what a request asks for, by the round's item; nothing of one that was cancelled."""
    if request is None or request.state == RequestState.CANCELLED:
        return {}
    return dict(request.lines.values_list("item_id", "quantity"))


def fill(request: Request, asked: Asked, *, by: Actor, at: datetime, is_new: bool) -> None:
    """Put into a request's row what is asked; nothing is saved."""
    request.state, request.channel = RequestState.ACTIVE, asked.channel
    request.is_proxy, request.note = asked.is_proxy, asked.note.strip()[:500]
    request.says_paid = asked.says_paid
    request.changed_at, request.changed_by = at, by.key
    request.version = 1 if is_new else request.version + 1


def write_lines(asked: Sequence[tuple[Request, Sequence[Wish]]]) -> None:
    """Make the lines of requests what is wished; two statements however many."""
    RequestLine.objects.filter(request__in=[request.pk for request, _ in asked]).delete()
    RequestLine.objects.bulk_create(
        [
            RequestLine(
                request=request,
                response_id=request.response_id,
                item_id=wish.item,
                quantity=wish.quantity,
                substitute_id=wish.substitute,
                note=wish.note.strip()[:200] or None,
            )
            for request, wishes in asked
            for wish in wishes
        ]
    )


def take_from_stock(
    row: Round,
    household: Household,
    items: Mapping[UUID, RoundItem],
    before: Mapping[UUID, Decimal],
    wishes: Sequence[Wish],
    *,
    by: Actor,
    at: datetime,
    thing: UUID,
) -> None:
    """Promise goods that are sold from stock, or give them back: the database lets nobody take what is not there."""
    amounts = from_stock(household, items, before, wishes)
    if not amounts:
        return
    try:
        post(row.book, amounts, cause=Cause.ORDERED, by=by, at=at, thing=thing)
    except NotEnough as error:
        taken = {amount.product for amount in amounts}
        names = [item.product.name for item in items.values() if item.product_id in taken]
        raise NotEnough(
            say("There is not so much left of {goods}.", goods="、".join(names)),
            remedy=say("Choose less of it, or something else."),
        ) from error


def from_stock(
    household: Household,
    items: Mapping[UUID, RoundItem],
    before: Mapping[UUID, Decimal],
    wishes: Sequence[Wish],
) -> list[Amount]:
    """Return what an order takes from stock, or gives back, beyond what it took before."""
    after = {wish.item: wish.quantity for wish in wishes}
    amounts: list[Amount] = []
    for pk, item in items.items():
        change = milli(after.get(pk, Decimal(0)) - before.get(pk, Decimal(0)))
        if item.is_first_come and change:
            amounts += moved(Spot(STOCK), owed_to(household), change, item.product_id)
    return amounts
