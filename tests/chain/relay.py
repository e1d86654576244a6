"""A round of 开元丽城 that can be brought to any stage and checked by hand.

101 王芳: 1 大米 (32.80) + 2 鸡蛋 (49.80)          82.60
102 李强: 3 鸡蛋 (74.70)                           74.70
201 单雄信: 2.5 斤 土豆 (6.25) + 1 大米 (32.80)    39.05
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from shelves import Shop

from lastmetre.chain.ledger.actions.parcels import (
    PROMISES,
    SALES,
    Content,
    NewParcel,
    due_from,
    make_parcels,
    move,
    owed_to,
)
from lastmetre.chain.ledger.actions.posting import post
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot, milli, moved, price_of
from lastmetre.chain.orders.actions.requests import Asked, Wish, place_request
from lastmetre.chain.orders.actions.rounds import (
    NewItem,
    NewRound,
    advance,
    cut_off,
    open_round,
    prepare_round,
)
from lastmetre.chain.orders.models import Request, Round
from lastmetre.chain.orders.rules import Channel, RoundState
from lastmetre.ground.people.catalogue import CATALOGUE
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Grant
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

WISHES: dict[str, dict[str, str]] = {
    "101": {"R1": "1", "E1": "2"},
    "102": {"E1": "3"},
    "201": {"V4": "2.5", "R1": "1"},
}
PRICES_FEN = {"R1": 3280, "E1": 2490, "V4": 250}
HOUR = timedelta(hours=1)


@dataclass
class Relay:
    """A round of the town and the people who work on it."""

    shop: Shop
    now: datetime
    round: Round
    bag: dict[str, Parcel] = field(default_factory=dict)
    """By room."""

    @property
    def household(self) -> dict[str, Household]:
        """The households by room."""
        return self.shop.town.household

    def staff(self, role: str, path: str = "d.s.c.k", key: str = "") -> Actor:
        """Somebody with a role of the catalogue at a place."""
        found = next(one for one in CATALOGUE if one.code == role)
        grant = Grant(found.permissions, path=path, role=role)
        return Actor(key or str(new_id()), ActorKind.STAFF, sees=(path,), grants=(grant,))

    def supplier(self) -> Actor:
        """A clerk of the round's supplier, who sees no place."""
        found = next(one for one in CATALOGUE if one.code == "supplier_clerk")
        who = self.shop.supplier.pk
        return Actor(
            str(new_id()),
            ActorKind.STAFF,
            organisations=(who,),
            grants=(Grant(found.permissions, organisation=who),),
        )

    def resident(self, room: str) -> Actor:
        """The household itself."""
        home = self.household[room]
        return Actor(str(home.pk), ActorKind.HOUSEHOLD, sees=(home.path,), grants=())

    def ask(
        self, room: str, goods: Mapping[str, str], *, by: Actor | None = None, channel: Channel = Channel.PAGE
    ) -> Request:
        """Order for a household: {code of the product: quantity}."""
        with acting_as(SYSTEM):
            items = {item.product.code: item.pk for item in self.round.items.select_related("product")}
        wishes = tuple(Wish(items[code], Decimal(quantity)) for code, quantity in goods.items())
        who = by or self.resident(room)
        with acting_as(who) as now:
            return place_request(self.round.pk, self.household[room], Asked(wishes, channel), by=who, at=now)

    def asked(self) -> Relay:
        """All three households ask as in WISHES."""
        for room, goods in WISHES.items():
            self.ask(room, goods)
        return self

    def allocated(self) -> Relay:
        """Cut off, and everybody gets what they asked for: promised and priced."""
        self.asked()
        liaison = self.staff("liaison")
        with acting_as(liaison) as now:
            cut_off(self.round, by=liaison, at=now)
        with acting_as(SYSTEM) as now:
            lines = []
            for room, goods in WISHES.items():
                home = self.household[room]
                for code, quantity in goods.items():
                    product = self.shop.product[code].pk
                    amount = milli(Decimal(quantity))
                    if code != "E1":  # promised already when it was ordered from stock
                        lines += moved(PROMISES, owed_to(home), amount, product)
                    lines += moved(SALES, due_from(home), price_of(amount, PRICES_FEN[code]))
            post(self.round.book, lines, cause=Cause.ALLOCATED, by=SYSTEM, at=now)
            self.round = advance(self.round, RoundState.ALLOCATED, by=SYSTEM, at=now)
        return self

    def packed(self) -> Relay:
        """A bag a household, packed at the supplier."""
        self.allocated()
        book = self.round.book
        homes = {room: self.household[room] for room in WISHES}
        codes = codes_for(book.pk, [home.pk for home in homes.values()])
        with acting_as(SYSTEM) as now:
            drafts = [
                NewParcel(
                    number,
                    codes[home.pk].short,
                    home,
                    tuple(
                        Content(self.shop.product[code].pk, milli(Decimal(quantity)), PRICES_FEN[code])
                        for code, quantity in WISHES[room].items()
                    ),
                )
                for number, (room, home) in enumerate(homes.items(), start=1)
            ]
            packed = Spot(AccountKind.PACKED, self.shop.supplier.pk)
            made = make_parcels(book, drafts, at_spot=packed, holder="packer", by=SYSTEM, at=now)
            self.round = advance(self.round, RoundState.ORDERED, by=SYSTEM, at=now)
            self.round = advance(self.round, RoundState.PACKED, by=SYSTEM, at=now)
        self.bag = dict(zip(homes, made, strict=True))
        return self

    def arrived(self) -> Relay:
        """All bags at the compound's gate, held by its keeper."""
        self.packed()
        with acting_as(SYSTEM) as now:
            move(
                self.round.book,
                [bag.pk for bag in self.bag.values()],
                to=Spot(AccountKind.GATE),
                holder="keeper",
                cause=Cause.ARRIVED,
                by=SYSTEM,
                at=now,
            )
            self.round = advance(self.round, RoundState.ARRIVED, by=SYSTEM, at=now)
        return self


@pytest.fixture
def relay(scene: dict[str, Any]) -> Relay:
    """A town with goods and an open round."""
    relay: Relay = scene["relay"]
    return relay


@pytest.fixture
def packed(relay: Relay) -> Relay:
    """The relay with a bag a household, packed at the supplier."""
    return relay


@pytest.fixture
def arrived(relay: Relay) -> Relay:
    """The relay with all bags at the compound's gate."""
    return relay


def open_relay(shop: Shop) -> Relay:
    """Open a round: rice, eggs (sold until the 100 are gone) and potatoes by half a 斤."""
    place = shop.town.place["开元丽城"]
    with acting_as(SYSTEM) as now:
        for home in shop.town.household.values():
            home.refresh_from_db(fields=["path"])  # written by the database
        items = tuple(
            NewItem(
                shop.product[code].pk,
                letter,
                fen,
                offer=shop.offer[code].pk,
                stock=Decimal(100),
                is_first_come=code == "E1",
            )
            for letter, (code, fen) in zip("ABC", PRICES_FEN.items(), strict=True)
        )
        new = NewRound("第一批", now - HOUR, now + 5 * HOUR, now + 20 * HOUR, items, every_days=3)
        row = prepare_round(place, shop.supplier, new, by=SYSTEM, at=now)
        row = open_round(row, by=SYSTEM, at=now)
    return Relay(shop, now, row)
