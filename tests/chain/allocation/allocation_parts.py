"""Rounds that run short, small enough to share out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from relay import HOUR, Relay

from lastmetre.chain.allocation.actions.sharing import allocate
from lastmetre.chain.allocation.models import Allocation, Share
from lastmetre.chain.ledger.models import Balance
from lastmetre.chain.ledger.queries.balances import due_by_household, owed_by_household
from lastmetre.chain.ledger.rules import milli
from lastmetre.chain.orders.actions.requests import Asked, Wish, place_request
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, cut_off, open_round, prepare_round
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import Channel
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

PRICES = {"R1": 3280, "E1": 2490, "V4": 250, "B1": 300}
ROOMS = ("101", "102", "201")


def people(relay: Relay, **counts: int | None) -> None:
    """Say how many live in a room: people(relay, r101=1)."""
    with acting_as(SYSTEM):
        for room, count in counts.items():
            Household.objects.filter(pk=relay.household[room[1:]].pk).update(head_count=count)


def begin(relay: Relay, goods: Mapping[str, Mapping[str, Any]], *, days: int = 0) -> Round:
    """Open another round of these goods, all households allowed: {code: what NewItem takes}."""
    with acting_as(SYSTEM) as now:
        items = tuple(
            NewItem(relay.shop.product[code].pk, code, PRICES[code], **given) for code, given in goods.items()
        )
        new = NewRound("短缺批", now - HOUR, now + HOUR, now + 2 * HOUR, items, every_days=0)
        row = prepare_round(relay.round.place, relay.shop.supplier, new, by=SYSTEM, at=now)
        return open_round(row, by=SYSTEM, at=now)


def ask(
    relay: Relay, row: Round, room: str, goods: Mapping[str, str], instead: Mapping[str, str] = {}
) -> None:
    """A household asks: {code: quantity}, and takes another good where one is short."""
    with acting_as(SYSTEM):
        items = {item.code: item.pk for item in row.items.all()}
    wishes = tuple(
        Wish(items[code], Decimal(units), items[instead[code]] if code in instead else None)
        for code, units in goods.items()
    )
    who = relay.resident(room)
    with acting_as(who) as now:
        place_request(row.pk, relay.household[room], Asked(wishes, Channel.PAGE), by=who, at=now)


def share_out(relay: Relay, row: Round, **how: Any) -> Allocation:
    """The liaison cuts the round off and shares it out."""
    liaison = relay.staff("liaison")
    with acting_as(liaison) as now:
        cut_off(row, by=liaison, at=now)
        return allocate(row, by=liaison, at=now, **how)


def got(row: Round) -> dict[tuple[str, str], Decimal]:
    """{(room, code): sale units}, substitutes as (room, code+"'")."""
    with acting_as(SYSTEM):
        rows = Share.objects.filter(allocation__round=row, allocation__undone_at=None)
        return {
            (
                one.request.household.place.name,
                one.item.code + ("'" if one.substitute_for_id else ""),
            ): one.got
            for one in rows.select_related("request__household__place", "item")
        }


def check_books(row: Round) -> None:
    """The ledger's promises and bills equal the shares, and every posting adds up."""
    with acting_as(SYSTEM):
        owed: dict[UUID, dict[UUID, int]] = {}
        fen: dict[UUID, int] = {}
        rows = Share.objects.filter(allocation__round=row, allocation__undone_at=None)
        for one in rows.select_related("request", "item"):
            home = one.request.household_id
            if one.got:
                held = owed.setdefault(home, {})
                held[one.item.product_id] = held.get(one.item.product_id, 0) + milli(one.got)
            fen[home] = fen.get(home, 0) + int(one.got * one.item.price_fen)
        book = row.book
        assert {home: held for home, held in owed_by_household(book).items() if any(held.values())} == owed
        assert due_by_household(book) == {home: sum_ for home, sum_ in fen.items() if sum_}
        sums: dict[UUID | None, int] = {}
        for balance in Balance.objects.filter(account__book=book):
            sums[balance.product_id] = sums.get(balance.product_id, 0) + balance.amount
        assert not any(sums.values())
