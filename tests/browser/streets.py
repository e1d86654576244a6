"""A stairwell with as many doors as wanted, each with a bag, and a volunteer's phone whose wave has just begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from actors import Town, build_town, person_with, put_device
from django.test import Client
from hands import make_fit
from shelves import stock_shop

from lastmetre.chain.doorstep.actions.waves import plan_wave
from lastmetre.chain.ledger.actions.parcels import Content, NewParcel, make_parcels, move
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for
from lastmetre.chain.ledger.rules import AccountKind, Cause, Spot
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, advance, open_round, prepare_round
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as

STAIRS = "d.s.c.k.1.u"
STEPS = (RoundState.CUT_OFF, RoundState.ALLOCATED, RoundState.ORDERED, RoundState.PACKED, RoundState.ARRIVED)
A_FLOOR = 4


@dataclass(frozen=True, slots=True)
class Street:
    """What a test of the doors needs to know."""

    tokens: dict[str, str]
    """What signs a device in: `volunteer`, `other` and `liaison`."""
    people: dict[str, str]
    labels: tuple[str, ...]
    """What the QR codes of the bags hold, in the order of walking."""
    homes: tuple[UUID, ...]
    round: Round


def street(doors: int, *, lasts: timedelta = timedelta(hours=3), needs_photo: bool = False) -> Street:
    """Write a stairwell whose bags stand at the gate, and send the wave out with one volunteer."""
    town = build_town()
    homes = _homes(town, doors)
    tokens, people = {}, {}
    for name, role in (("volunteer", "volunteer"), ("other", "volunteer"), ("liaison", "liaison")):
        person = person_with(role, place=town.place["开元丽城"], name="陈志愿")
        make_fit(person)
        tokens[name] = put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
        people[name] = str(person.pk)
    with acting_as(SYSTEM):
        row, labels = _round(town, homes)
    with acting_as(SYSTEM) as now:
        ends = now + lasts
        plan_wave(row, people=[people["volunteer"]], by=SYSTEM, at=now, ends_at=ends, needs_photo=needs_photo)
    walked = sorted(homes, key=lambda home: (-(home.floor or 0), home.place.sort_key))
    return Street(
        tokens, people, tuple(labels[one.pk] for one in walked), tuple(one.pk for one in walked), row
    )


def _homes(town: Town, doors: int) -> list[Household]:
    with acting_as(SYSTEM):
        parent = town.path[STAIRS]
        rooms = [f"{1 + number // A_FLOOR}{1 + number % A_FLOOR:02}" for number in range(8, doors + 8)]
        places = [
            Place(
                kind="household", name=room, path=f"{STAIRS}.n{room}", sort_key=f"{room:0>6}", parent=parent
            )
            for room in rooms
        ]
        for one in places:
            one.save(force_insert=True)
        homes = [
            Household(place=one, response=response_for(one.path), floor=int(one.name[:-2]), name="住户")
            for one in places
        ]
        for home in homes:
            home.save(force_insert=True)
            home.refresh_from_db(fields=["path"])
    return homes


def _round(town: Town, homes: Sequence[Household]) -> tuple[Round, dict[UUID, str]]:
    with acting_as(SYSTEM) as now:
        shop = stock_shop(town, now)
        rice, hour = shop.product["R1"], timedelta(hours=1)
        items = (NewItem(rice.pk, "A", 3280, offer=shop.offer["R1"].pk, stock=Decimal(10)),)
        new = NewRound("早上的菜", now - hour, now + 5 * hour, now + 20 * hour, items)
        row = open_round(
            prepare_round(town.place["开元丽城"], shop.supplier, new, by=SYSTEM, at=now), by=SYSTEM, at=now
        )
        codes = codes_for(row.book_id, [home.pk for home in homes])
        drafts = [
            NewParcel(number, codes[home.pk].short, home, (Content(rice.pk, 1000, 3280),))
            for number, home in enumerate(homes, start=1)
        ]
        shelf = Spot(AccountKind.PACKED, shop.supplier.pk)
        bags = make_parcels(row.book, drafts, at_spot=shelf, holder="packer", by=SYSTEM, at=now)
        _arrive(row, bags)
    return row, {pk: code.qr for pk, code in codes.items()}


def _arrive(row: Round, bags: Sequence[Parcel]) -> None:
    with acting_as(SYSTEM) as now:
        for state in STEPS:
            row = advance(row, state, by=SYSTEM, at=now)
        move(
            row.book,
            [bag.pk for bag in bags],
            to=Spot(AccountKind.GATE),
            holder="keeper",
            cause=Cause.ARRIVED,
            by=SYSTEM,
            at=now,
        )
