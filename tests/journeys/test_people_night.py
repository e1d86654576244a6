"""A night in a compound: invited by link, cards under the doors, in by card, handed over before the morning."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
from actors import Town
from django.test import Client
from django.utils import timezone

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people.models import Account, Assignment
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

PASSWORD = "three cats watch the moon"


def text(answer: Any) -> str:
    return answer.content.decode()


def found(pattern: str, answer: Any) -> str:
    match = re.search(pattern, text(answer))
    assert match, text(answer)
    return match[1]


def sign_up(link: str, name: str, username: str, town: Town) -> Client:
    """Follow an invitation on a phone of one's own: account, second step, recovery codes, in."""
    phone = Client()
    form = {"name": name, "phone": "13912345678", "username": username, "password": PASSWORD}
    page = phone.post(link, form)
    with acting_as(SYSTEM):
        secret = Account.objects.get(username=username).totp_secret or ""
    assert " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)) in text(page)
    code = pyotp.TOTP(secret).generate_otp(int(town.now.timestamp()) // 30)
    done = phone.post("/sign-in/set-up", {"code": code, "step": found(r'name="step" value="([^"]+)"', page)})
    assert text(done).count("<li><code>") == 8
    return phone


def invited(desk: Client, town: Town, role: str, place: str) -> str:
    """Make a link to a role and return it."""
    asked = {"role": role, "where": f"place:{town.place[place].pk}", "uses": "1"}
    sent = desk.post(f"/staff/{town.place['开元丽城'].pk}/invite", asked, follow=True)
    return found(r"(/invite/[\w-]+)", sent)


def card_under_the_door(liaison: Client, town: Town) -> str:
    """Make and print the cards, and return the link on the first one."""
    building = town.place["1号楼"].pk
    assert liaison.post(f"/staff/{town.place['开元丽城'].pk}/cards").status_code == 302
    assert liaison.post(f"/staff/{building}/cards/print").content.startswith(b"%PDF")
    printed = liaison.post(f"/api/people/cards/print?place={building}").json()
    return str(printed[0]["link"])


def handed_over(liaison: Client, town: Town, deputy: str) -> None:
    """Hand all roles over in one step, until the morning."""
    over = {
        "deputy": person_of(deputy),
        "roles": re.findall(r'name="roles" value="([^"]+)"', text(liaison.get("/hand-over"))),
        "ends_at": timezone.localtime(town.now + timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M"),
        "why": "隔离",
    }
    assert liaison.post("/hand-over", over)["Location"] == "/hand-over"


def test_from_an_invitation_to_a_night_in_isolation(town: Town, sign_in: Callable[..., Any]) -> None:
    compound = town.place["开元丽城"].pk
    desk = Client()
    sign_in(desk, role="administrator", place=town.place["康桥社区"])
    link = invited(desk, town, "liaison", "开元丽城")
    liaison = sign_up(link, "韩梅梅", "han.mm", town)
    assert Client().get(link).status_code == 422  # used up

    home = Client()
    assert home.post(card_under_the_door(liaison, town))["Location"] == "/"
    assert home.get(f"/people/{person_of('han.mm')}").status_code == 404
    assert home.get(f"/staff/{compound}").status_code == 403

    deputy = sign_up(invited(liaison, town, "building_head", "1号楼"), "李雷", "li.lei", town)
    assert deputy.get(f"/staff/{compound}/cards").status_code == 403  # may so in the building only
    handed_over(liaison, town, "li.lei")
    assert deputy.get(f"/staff/{compound}/cards").status_code == 200
    stolen = {"place": compound, "why": "被偷"}
    assert deputy.post(f"/cards/{town.household['101'].pk}/reissue", stolen).status_code == 302
    assert home.get("/devices").status_code == 302  # its phone was signed in with the stolen card

    with acting_as(SYSTEM):
        standing_in = Assignment.objects.get(stands_in_for__isnull=False)
    liaison.post(f"/assignments/{standing_in.pk}/end", {"back": "hand-over"})
    assert deputy.get(f"/staff/{compound}/cards").status_code == 403
    assert told() == sorted(told())


STORY = (
    "invited",
    "created",
    "accepted",
    "set up codes",
    "issued",
    "printed",
    "handed over",
    "revoked",
    "ended role",
)


def told() -> list[int]:
    """Return where the journal tells each part of the story."""
    with acting_as(SYSTEM):
        lines = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    return [lines.index(verb) for verb in STORY]


def person_of(username: str) -> str:
    with acting_as(SYSTEM):
        return str(Account.objects.get(username=username).person_id)
