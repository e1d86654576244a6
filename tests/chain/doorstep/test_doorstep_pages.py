"""A volunteer's cart by page and API: tells what happened at doors, after the shift too, and shows no more then."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from actors import put_device
from django.test import Client
from django.urls import reverse
from hands import make_fit
from PIL import Image
from relay import Relay

from lastmetre.chain.doorstep.actions.waves import end_wave, plan_wave
from lastmetre.chain.doorstep.models import DoorEvent, Wave
from lastmetre.chain.doorstep.rules import Effect, Outcome
from lastmetre.chain.ledger.models import Case, Parcel, Photo
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import CaseKind
from lastmetre.ground.people.actions.devices import revoke_device
from lastmetre.ground.people.models import Device, Person
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as

MINE = "/doorstep/mine"


pytestmark = pytest.mark.usefixtures("arrived")


class Phone:
    """A volunteer's phone with the cart of a wave."""

    def __init__(self, relay: Relay, sign_in: Callable[..., Any], **wave: Any) -> None:
        self.client = Client(headers={"accept-language": "en"})
        visitor = sign_in(self.client, role="volunteer", place=relay.shop.town.place["开元丽城"], name="小陈")
        self.key = visitor.actor.key
        with acting_as(SYSTEM):
            make_fit(Person.objects.get(pk=self.key))
        boss = relay.staff("liaison")
        with acting_as(boss) as now:
            self.wave = plan_wave(relay.round, people=[self.key], by=boss, at=now, **wave)
        self.relay = relay

    def page(self) -> str:
        """The cart's page."""
        answer = self.client.get(MINE)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def door(self, room: str) -> str:
        """The page of one door, for phones without scripts."""
        return str(self.client.get(self.door_of(room)).content.decode())

    def door_of(self, room: str) -> str:
        """Its address."""
        return reverse("doorstep:door", args=[self.relay.household[room].pk])

    def press(self, shown: str, words: str) -> str:
        """Press a button of a page that says all by its value; returns the page that follows."""
        found = re.search(rf'name="told" value="([^"]+)"[^>]*>(?:(?!</button>).)*{words}', shown)
        assert found, words
        return str(
            self.client.post(reverse("doorstep:tell"), {"told": found[1]}, follow=True).content.decode()
        )

    def tell(self, outcome: str, room: str = "101", **more: Any) -> str:
        """Send a form of a door; returns the page that follows."""
        sent = {"code": self.relay.household[room].pk, "outcome": outcome, **more}
        return str(self.client.post(reverse("doorstep:tell"), sent, follow=True).content.decode())

    def event(self, room: str = "101", outcome: Outcome = Outcome.DELIVERED) -> dict[str, Any]:
        """An event as the page's script makes it."""
        return {
            "id": str(new_id()),
            "outcome": outcome.value,
            "code": qr_of(self.relay.bag[room]),
            "device_at": self.relay.now.isoformat(),
        }

    def send(self, *events: dict[str, Any], path: str = "events", **headers: str) -> Any:
        """Send events by API."""
        address = f"/api/doorstep/{path}"
        return self.client.post(address, {"events": events}, content_type="application/json", headers=headers)


@pytest.fixture
def phone(relay: Relay, sign_in: Callable[..., Any]) -> Phone:
    return Phone(relay, sign_in)


def delivered() -> int:
    with acting_as(SYSTEM):
        return Parcel.objects.filter(end_cause="delivered").count()


def test_the_page_is_a_list_with_forms_that_works_without_scripts(phone: Phone) -> None:
    first = phone.page()
    assert "101" in first
    assert "Top floor first" in first
    assert "王芳" not in first, "no name is needed to find a door"
    assert "Delivered" in phone.tell("delivered")
    assert delivered() == 1
    with acting_as(SYSTEM):
        event = DoorEvent.objects.get()
    assert "Undone" in phone.tell("undo", undoes=event.pk)
    assert delivered() == 0
    assert "Nobody in" in phone.tell("nobody_in")
    assert "Scan the label" in phone.client.post(reverse("doorstep:tell"), {}, follow=True).content.decode()


def test_buttons_of_list_and_door_say_all_without_scripts(phone: Phone) -> None:
    shown = phone.page()
    for _ in range(2):
        phone.press(shown, "Delivered")  # pressed twice
    assert delivered() == 1
    with acting_as(SYSTEM):
        assert DoorEvent.objects.count() == 1
    phone.press(phone.page(), "Undo")
    assert delivered() == 0
    assert "Nobody in" in phone.press(phone.door("102"), "Nobody in")
    assert "Undone" in phone.press(phone.door("102"), "Undo")


def test_a_door_that_is_not_on_my_cart_has_no_page_and_a_forged_button_says_nothing(phone: Phone) -> None:
    foreign = reverse("doorstep:door", args=[new_id()])
    assert phone.client.get(foreign).status_code == 404
    for told in ("delivered", "delivered x y", "flown 1 2 3"):
        sent = phone.client.post(reverse("doorstep:tell"), {"told": told}, follow=True)
        assert "Scan the label" in sent.content.decode()
    assert delivered() == 0


def test_a_form_sent_twice_counts_once(phone: Phone) -> None:
    key = new_id()
    for _ in range(2):
        phone.tell("delivered", id=key)
    with acting_as(SYSTEM):
        assert DoorEvent.objects.count() == 1


def test_a_picture_is_kept_where_the_wave_asks_for_one(relay: Relay, sign_in: Callable[..., Any]) -> None:
    phone = Phone(relay, sign_in, needs_photo=True)
    assert 'name="photo"' in phone.door("101")
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    picture = io.BytesIO(out.getvalue())
    picture.name = "bag.jpg"
    assert "picture is kept" in phone.tell("delivered", photo=picture)
    with acting_as(SYSTEM):
        assert Photo.objects.get().kind == "door"
    assert "no picture" in phone.tell("delivered", "102", photo=io.BytesIO(b"x"))
    assert delivered() == 2, "the bag counts, whatever the picture is"


def test_somebody_who_needs_help_becomes_a_case_with_words(phone: Phone) -> None:
    phone.tell("needs_help", words="头晕")
    with acting_as(SYSTEM):
        case = Case.objects.get(kind=CaseKind.NEEDS_HELP)
        assert case.words == "头晕"


def test_the_carer_sees_who_needs_help_first_and_settles_it(
    phone: Phone, sign_in: Callable[..., Any]
) -> None:
    carer = Client(headers={"accept-language": "en"})
    sign_in(carer, role="carer", household=phone.relay.household["101"])
    other = Client(headers={"accept-language": "en"})
    sign_in(other, role="carer", household=phone.relay.household["102"])
    phone.tell("needs_help", words="头晕")
    shown = str(carer.get("/").content.decode())
    assert "头晕" in shown
    assert "头晕" not in other.get("/").content.decode()
    case = re.search(r'href="(/ledger/cases/[^"]+)"', shown)
    assert case is not None
    liaison = Client(headers={"accept-language": "en"})
    sign_in(liaison, role="liaison", place=phone.relay.shop.town.place["开元丽城"])
    page = liaison.get(case[1]).content.decode()
    ring = re.search(r'action="(/ledger/cases/[^"]+/ring/[^"]+)"', page)
    assert ring is not None, "the page says to ring the carer, and shows how"
    assert 'href="tel:' in liaison.post(ring[1]).content.decode()
    nobody = f"{ring[1].rpartition('/')[0]}/{uuid.uuid4()}"
    assert liaison.post(nobody).status_code == 404
    assert other.post(ring[1]).status_code in (403, 404)
    assert carer.post(case[1], {"outcome": "打过电话，已送医"}).status_code == 302
    assert other.get(case[1]).status_code in (403, 404)
    assert "头晕" not in carer.get("/").content.decode()


def test_the_volunteers_first_page_shows_the_cart(phone: Phone) -> None:
    home = phone.client.get("/").content.decode()
    assert "0 of 2 doors" in home
    assert MINE in home


def test_a_batch_is_answered_each_and_sent_again_the_same(phone: Phone) -> None:
    events = [phone.event("101"), phone.event("102"), {**phone.event(), "code": "LM23CFHKMRWXYCFHK"}]
    first = phone.send(*events)
    assert first.status_code == 200, first.content
    effects = [one["effect"] for one in first.json()["answers"]]
    assert effects == [Effect.DONE, Effect.DONE, Effect.REFUSED]
    assert phone.send(*events).json() == first.json()
    assert delivered() == 2
    assert phone.send({**phone.event(), "outcome": "eaten"}).status_code == 422


def test_mine_by_api_shows_the_doors_until_the_wave_ends(phone: Phone) -> None:
    first, second = phone.client.get("/api/doorstep/mine").json()
    assert [one["room"] for one in first["drops"]] == ["101", "102"]
    assert [one["room"] for one in second["drops"]] == ["201"]
    boss = phone.relay.staff("liaison")
    with acting_as(boss) as now:
        end_wave(phone.wave, by=boss, at=now)
    assert phone.client.get("/api/doorstep/mine").json() == []
    assert "101" not in phone.page()


def test_after_the_shift_a_pass_still_sends_what_was_scanned_but_shows_nothing(phone: Phone) -> None:
    shown = re.search(r'data-pass="([^"]+)"', phone.page())
    assert shown is not None
    phone.client.cookies.clear()
    assert phone.client.get("/api/doorstep/mine").status_code == 401
    assert phone.send(phone.event()).status_code == 401
    assert phone.send(phone.event(), path="events/late").status_code == 401
    late = {"X-Cart-Pass": shown[1]}
    assert phone.send(phone.event(), path="events/late", **late).json()["answers"][0]["effect"] == "done"
    assert phone.send(phone.event(), path="events/late", **{"X-Cart-Pass": shown[1] + "x"}).status_code == 401
    with acting_as(SYSTEM) as now:
        revoke_device(Device.objects.get(person=phone.key).pk, by=SYSTEM, at=now)
    assert phone.send(phone.event("102"), path="events/late", **late).status_code == 401, "a stolen phone"


def test_a_volunteer_by_link_sees_only_their_shift_and_household_may_not_tell(
    relay: Relay, phone: Phone
) -> None:
    home = Client()
    put_device(home, DeviceKind.HOUSEHOLD, relay.household["101"].path, household=relay.household["101"])
    assert home.get(MINE).status_code == 403
    sent = {"code": relay.household["101"].pk, "outcome": "delivered"}
    assert home.post(reverse("doorstep:tell"), sent).status_code == 403
    assert delivered() == 0


def test_waves_by_api(relay: Relay, phone: Phone, sign_in: Callable[..., Any]) -> None:
    boss = Client()
    sign_in(boss, role="liaison", place=relay.shop.town.place["开元丽城"], token=True)
    address = f"/api/doorstep/rounds/{relay.round.pk}/waves"
    (wave,) = boss.get(address).json()
    assert [one["doors"] for one in wave["duties"]] == [2, 1]
    send = lambda path, body: boss.post(path, body, content_type="application/json")  # noqa: E731
    assert send(address, {}).status_code == 422, "nothing waits"
    ended = send(f"/api/doorstep/waves/{wave['id']}/end", {})
    assert ended.json()["ended_at"]
    again = send(address, {})
    assert again.status_code == 200, again.content
    free = again.json()["duties"][0]
    assert free["progress"] == "free"
    assert phone.client.post(f"/api/doorstep/duties/{free['id']}/take").status_code == 204
    assert phone.client.post(f"/api/doorstep/duties/{free['id']}/take").status_code == 204
    assert send(f"/api/doorstep/waves/{again.json()['id']}/share", {"people": [phone.key]}).status_code == 200
    assert send(f"/api/doorstep/duties/{free['id']}/assign", {"person": str(new_id())}).status_code == 422
    with acting_as(SYSTEM):
        assert Wave.objects.count() == 2
