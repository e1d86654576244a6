"""Sorting by HTTP: the cart's number in giant figures, what is missing, release, undo, two phones."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from relay import Relay

from lastmetre.chain.ledger.queries.parcels import codes_for
from lastmetre.chain.sorting.models import CartRun, Placement
from lastmetre.ground.places.models import Cart, Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def sorted_(relay: Relay) -> Relay:
    """Bags at the gate, and the two units' carts 7 and 3."""
    with acting_as(SYSTEM):
        for number, path in ((7, "d.s.c.k.1.u"), (3, "d.s.c.k.2.u")):
            unit = Place.objects.get(path=path)
            Cart(number=number, place=relay.round.place, unit=unit).save(force_insert=True)
    return relay.arrived()


def client_as(sign_in: SignIn, relay: Relay, role: str, name: str = "王强") -> Client:
    client = Client(headers=ENGLISH)
    sign_in(client, role=role, place=relay.shop.town.place["开元丽城"], name=name)
    return client


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return re.sub(r"\s+", " ", answer.content.decode())


def figure(page: str) -> tuple[str, str]:
    """The colour and the giant figure of a page."""
    found = re.search(r'giant-(good|wait|act)">.*?giant-figure[^>]*>([^<]*)<', page)
    assert found is not None, page[:1500]
    return found[1], found[2]


def test_a_scan_says_the_cart_and_another_phone_sees_it_is_done(sorted_: Relay, sign_in: SignIn) -> None:
    mine, other = client_as(sign_in, sorted_, "volunteer"), client_as(sign_in, sorted_, "receiver", "李梅")
    page = reverse("sorting:round", args=[sorted_.round.pk])
    assert "not planned yet" in text(mine.get(page))
    first = text(mine.post(page, {"code": sorted_.bag["101"].code}))
    assert figure(first) == ("good", "07")
    assert 'data-say="Cart 7"' in first
    assert "1/2" in first
    second = text(other.post(page, {"code": sorted_.bag["101"].code}, headers={"HX-Request": "true"}))
    assert figure(second) == ("wait", "07")
    assert re.search(r"By 王\S+, at \d\d:\d\d\.", second)
    done = text(other.post(page, {"code": sorted_.bag["102"].code}))
    assert "Let this cart go" in done
    assert "2/2" in done


def test_labels_that_do_not_fit_are_red_and_say_what_to_do(sorted_: Relay, sign_in: SignIn) -> None:
    mine = client_as(sign_in, sorted_, "receiver")
    page = reverse("sorting:round", args=[sorted_.round.pk])
    foreign = codes_for(new_id(), [sorted_.household["901"].pk])[sorted_.household["901"].pk].qr
    for code, sentence in ((foreign, "another compound"), ("\x00", "eight signs"), ("", "eight signs")):
        answer = text(mine.post(page, {"code": code, "id": "no id"}))
        assert figure(answer) == ("act", "Set it aside")
        assert sentence in answer


def test_a_cart_goes_complete_or_with_a_note_and_is_opened_again(sorted_: Relay, sign_in: SignIn) -> None:
    mine = client_as(sign_in, sorted_, "receiver")
    page = reverse("sorting:round", args=[sorted_.round.pk])
    text(mine.post(page, {"code": sorted_.bag["101"].code}))
    with acting_as(SYSTEM):
        run = CartRun.objects.get(number=7)
    cart = reverse("sorting:cart", args=[run.pk])
    shown = text(mine.get(cart))
    assert "Missing on this cart" in shown
    assert sorted_.bag["102"].code in shown
    assert "李强" not in shown, "the name stands on the bag, not on the screen"
    assert "1 bags are missing" in text(mine.post(f"{cart}/release", follow=True))
    assert "may go" in text(mine.post(f"{cart}/release", {"note": "102 comes later"}, follow=True))
    assert "102 comes later" in text(mine.get(cart))
    assert figure(text(mine.post(page, {"code": sorted_.bag["102"].code}))) == ("act", "Set it aside")
    assert "is open again" in text(mine.post(f"{cart}/reopen", follow=True))
    assert figure(text(mine.post(page, {"code": sorted_.bag["102"].code}))) == ("good", "07")
    answer = mine.post(f"{cart}/release", {"from": "scan"})
    assert answer["Location"] == page, "complete by a scan: on with the next bag"


def test_a_wrong_scan_is_taken_off_once(sorted_: Relay, sign_in: SignIn) -> None:
    mine = client_as(sign_in, sorted_, "receiver")
    page = reverse("sorting:round", args=[sorted_.round.pk])
    text(mine.post(page, {"code": sorted_.bag["101"].code}))
    with acting_as(SYSTEM):
        place = Placement.objects.get(parcel=sorted_.bag["101"])
    undo, id = reverse("sorting:undo", args=[place.pk]), str(new_id())
    for _ in range(2):
        assert mine.post(undo, {"from": "scan", "id": id})["Location"] == page
    assert "0/2" in text(mine.get(page))


def test_the_liaison_plans_the_carts_and_helpers_find_the_round(
    sorted_: Relay, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    liaison, volunteer = client_as(sign_in, sorted_, "liaison"), client_as(sign_in, sorted_, "volunteer")
    page = reverse("sorting:round", args=[sorted_.round.pk])
    assert "The carts are planned" in text(liaison.post(f"{page}/plan", follow=True))
    with django_assert_max_num_queries(20):
        shown = text(volunteer.get(page))
    assert ">07<" in shown
    assert ">03<" in shown
    assert sorted_.round.title in text(volunteer.get(reverse("sorting:rounds")))
    carer = client_as(sign_in, sorted_, "gate_keeper")
    assert carer.get(page).status_code == 403
    assert carer.get(reverse("sorting:rounds")).status_code == 403
