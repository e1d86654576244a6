"""Orders of many households at once, under the checks of one: each gets its own answer, none is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lastmetre.chain.ledger.actions.posting import NotEnough, post
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.orders.actions.requests import (
    REQUEST,
    Asked,
    Wish,
    check_belongs,
    check_hands,
    check_may_take,
    check_version,
    checked_wishes,
    fill,
    from_stock,
    take_from_stock,
    write_lines,
)
from lastmetre.chain.orders.models import Request, RequestLine, Round, RoundItem
from lastmetre.chain.orders.queries.quotas import every_days_of, last_asked_of, orders_in
from lastmetre.chain.orders.rules import RequestState, RoundState, Window, check_quota, check_window
from lastmetre.ground.journal.actions import Told, record_many
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import look_up_for, response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one household's order: its request, or the sentence why not."""

    household: Household
    request: Request | None = None
    refusal: InputError | None = None


@dataclass(slots=True)
class _Ready:
    household: Household
    asked: Asked
    request: Request
    wishes: tuple[Wish, ...]
    before: dict[UUID, Decimal]
    is_new: bool


def place_many(
    round_id: UUID, orders: Sequence[tuple[Household, Asked]], *, by: Actor, at: datetime, dry: bool = False
) -> list[Placed]:
    """Make the requests of many households what is asked, in one transaction; as `place_request`, one result each.

    `dry` only checks: quota, limits, hands and times, not the stock. Some ten statements for a thousand households.
    """
    with acting_as(SYSTEM):
        row = Round.objects.select_for_update(no_key=True).select_related("book").get(pk=round_id)
        desk = _Desk(row, [household for household, _ in orders], at)
        look_up_for(household.path for household, _ in orders)
        placed: list[Placed] = []
        ready: list[_Ready] = []
        for household, asked in orders:
            try:
                ready.append(desk.check(household, asked, by=by, at=at))
            except InputError as error:
                placed.append(Placed(household, refusal=error))
        if dry:
            return placed + [Placed(one.household, one.request) for one in ready]
        refused = _take(row, desk.items, ready, by=by, at=at)
        placed += [Placed(one.household, refusal=error) for one, error in refused]
        kept = [one for one in ready if all(one is not other for other, _ in refused)] if refused else ready
        _write(kept, by=by, at=at)
        return placed + [Placed(one.household, one.request) for one in kept]


class _Desk:
    """All that the checks need, asked once."""

    def __init__(self, row: Round, households: Sequence[Household], at: datetime) -> None:
        keys = [household.pk for household in households]
        self.row = row
        self.items = {item.pk: item for item in row.items.select_related("product")}
        self.held = {one.household_id: one for one in Request.objects.filter(round=row, household__in=keys)}
        self.lines = _lines(self.held.values())
        self.every_days = every_days_of(row, at)
        self.last = last_asked_of(keys, row) if self.every_days else {}
        self.orders = orders_in(row) if row.most_orders is not None else 0
        self.window = Window(RoundState(row.state), row.opens_at, row.closes_at)

    def check(self, household: Household, asked: Asked, *, by: Actor, at: datetime) -> _Ready:
        """Return an order that can be written; raises InputError."""
        is_staff = check_may_take(household, by=by)
        check_belongs(self.row, household)
        is_late = check_window(self.window, at=at, may_be_late=is_staff)
        if not (is_staff and asked.exception.strip()):
            check_quota(self.last.get(household.pk), every_days=self.every_days, at=at)
        held = self.held.get(household.pk)
        check_version(held, asked.version)
        check_hands(self.row, held, self.orders)
        wishes = checked_wishes(asked.wishes, self.items)
        is_counted = held is not None and held.state == RequestState.ACTIVE
        self.orders += not is_counted
        request = held or Request(
            round=self.row,
            household=household,
            place_id=household.place_id,
            path=household.path,
            response=response_for(household.path),
            asked_at=at,
            is_late=is_late,
        )
        before = self.lines.get(request.pk, {}) if is_counted else {}
        fill(request, asked, by=by, at=at, is_new=held is None)
        return _Ready(household, asked, request, wishes, before, held is None)


def _lines(requests: Iterable[Request]) -> dict[UUID, dict[UUID, Decimal]]:
    found: dict[UUID, dict[UUID, Decimal]] = defaultdict(dict)
    rows = RequestLine.objects.filter(request__in=[one.pk for one in requests])
    for request, item, quantity in rows.values_list("request", "item", "quantity"):
        found[request][item] = quantity
    return found


def _take(
    row: Round, items: Mapping[UUID, RoundItem], ready: Sequence[_Ready], *, by: Actor, at: datetime
) -> list[tuple[_Ready, InputError]]:
    """Promise what is sold from stock: in one posting; where that is too much, household by household."""
    amounts = [amount for one in ready for amount in from_stock(one.household, items, one.before, one.wishes)]
    if not amounts:
        return []
    try:
        post(row.book, amounts, cause=Cause.ORDERED, by=by, at=at, thing=row.pk)
    except NotEnough:
        pass
    else:
        return []
    refused: list[tuple[_Ready, InputError]] = []
    for one in ready:
        try:
            take_from_stock(
                row, one.household, items, one.before, one.wishes, by=by, at=at, thing=one.request.pk
            )
        except NotEnough as error:
            refused.append((one, error))
    return refused


def _write(ready: Sequence[_Ready], *, by: Actor, at: datetime) -> None:
    Request.objects.bulk_create([one.request for one in ready if one.is_new])
    for one in ready:
        if not one.is_new:
            one.request.save()
    write_lines([(one.request, one.wishes) for one in ready])
    lines = (
        Told(
            one.request.pk,
            one.household.path,
            one.asked.exception.strip(),
            {"channel": one.asked.channel.value, "goods": len(one.wishes)},
        )
        for one in ready
    )
    record_many("asked", REQUEST, lines, by=by, at=at)
