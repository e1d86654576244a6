"""A bag of another compound or round turns up: whoever scans is told where it belongs, its liaison where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from gate_parts import on_its_way, taken_in
from hands import helper
from relay import HOUR, PRICES_FEN, Relay

from lastmetre.chain.doorstep.actions.doors import Told, take_event
from lastmetre.chain.doorstep.actions.waves import plan_wave
from lastmetre.chain.doorstep.rules import Effect, Outcome
from lastmetre.chain.gate.actions.counting import count_in
from lastmetre.chain.gate.actions.receiving import locked
from lastmetre.chain.ledger.actions.parcels import Content, NewParcel, make_parcels
from lastmetre.chain.ledger.actions.posting import open_book
from lastmetre.chain.ledger.models import Book, Case, Parcel
from lastmetre.chain.ledger.queries.parcels import codes_for, qr_of
from lastmetre.chain.ledger.rules import AccountKind, CaseKind, Spot
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, prepare_round
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


def packed_in(book: Book, relay: Relay, room: str | None) -> Parcel:
    """A bag of a door, or a box, of another book."""
    home = relay.household[room] if room else None
    key = home.pk if home else new_id()
    code = codes_for(book.pk, [key])[key].short
    goods = (Content(relay.shop.product["R1"].pk, 1000, PRICES_FEN["R1"]),) if home else ()
    with acting_as(SYSTEM) as now:
        spot = Spot(AccountKind.PACKED, relay.shop.supplier.pk)
        draft = NewParcel(1, code, home, goods)
        return make_parcels(book, [draft], at_spot=spot, holder="packer", by=SYSTEM, at=now)[0]


@pytest.fixture
def stray(packed: Relay) -> Parcel:
    """A box of the compound next door."""
    with acting_as(SYSTEM) as now:
        book = open_book(
            place=packed.shop.town.place["别苑"],
            supplier=packed.shop.supplier,
            title="隔壁",
            by=SYSTEM,
            at=now,
        )
    return packed_in(book, packed, None)


def cases() -> list[Case]:
    with acting_as(SYSTEM):
        return list(Case.objects.filter(kind=CaseKind.ASTRAY).select_related("book__place"))


def client_of(sign_in: SignIn, relay: Relay, **given: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, role="liaison", place=relay.shop.town.place["开元丽城"], name="赵联络", **given)
    return client


def test_at_the_gate_and_the_cart_it_is_set_aside_and_its_liaison_told_once(
    relay: Relay, stray: Parcel, sign_in: SignIn
) -> None:
    arrival = taken_in(relay, relay.staff("receiver"), on_its_way(relay))
    client = client_of(sign_in, relay)
    for page in (reverse("gate:arrival", args=[arrival.pk]), reverse("sorting:round", args=[relay.round.pk])):
        answer = client.post(page, {"code": qr_of(stray)}).content.decode()
        assert "This bag is for 别苑, not for here." in answer
    (case,) = cases()
    assert case.book.place.name == "别苑"
    assert "开元丽城" in case.words
    assert "赵联络" not in case.words, "a name is masked"


def test_programs_get_the_same_answer_and_the_case_stays(
    relay: Relay, stray: Parcel, sign_in: SignIn
) -> None:
    arrival = taken_in(relay, relay.staff("receiver"), on_its_way(relay))
    client = client_of(sign_in, relay, token=True)
    for address in (f"/api/gate/arrivals/{arrival.pk}/scans", f"/api/sorting/rounds/{relay.round.pk}/scans"):
        said = client.post(
            address,
            {"code": qr_of(stray)},
            content_type="application/json",
            headers={"idempotency-key": str(new_id())},
        ).json()
        assert said["outcome"] == "foreign"
        assert "别苑" in said["words"]
        assert said.get("parcel") is None
    assert len(cases()) == 1


def test_at_the_door_the_volunteer_hears_whose_it_is_and_nothing_of_the_door(
    relay: Relay, stray: Parcel
) -> None:
    arrived = taken_in(relay, relay.staff("receiver"), on_its_way(relay))
    with acting_as(SYSTEM) as now:
        bags = list(Parcel.objects.filter(book=relay.round.book, kind="bag"))
        count_in(locked(arrived), bags, by=SYSTEM, at=now)
    wang, boss = helper(relay), relay.staff("liaison")
    with acting_as(boss) as now:
        plan_wave(relay.round, people=[wang.key], by=boss, at=now)
    told = Told(new_id(), Outcome.DELIVERED, qr_of(stray), now)
    for _ in range(2):
        with acting_as(wang) as now:
            answer = take_event(told, by=wang, at=now)
        assert (answer.effect, answer.household) == (Effect.REFUSED, None)
        assert "别苑" in answer.words.text()
    assert len(cases()) == 1


@pytest.mark.usefixtures("packed")
def test_another_round_of_the_same_compound_is_named_and_found_by_counting(
    relay: Relay, sign_in: SignIn
) -> None:
    with acting_as(SYSTEM) as now:
        items = (NewItem(relay.shop.product["R1"].pk, "A", 3280),)
        new = NewRound("第二批", now - HOUR, now + 5 * HOUR, now + 20 * HOUR, items)
        other = prepare_round(relay.shop.town.place["开元丽城"], relay.shop.supplier, new, by=SYSTEM, at=now)
    bag = packed_in(other.book, relay, "101")
    arrival = taken_in(relay, relay.staff("receiver"), on_its_way(relay))
    client = client_of(sign_in, relay)
    answer = client.post(reverse("gate:arrival", args=[arrival.pk]), {"code": qr_of(bag)}).content.decode()
    assert "another round: “第二批”" in answer
    (case,) = cases()
    assert (case.book_id, case.settled_at) == (other.book_id, None)
    page = client.get(reverse("ledger:case", args=[case.pk])).content.decode()
    assert "have the bag fetched" in page
