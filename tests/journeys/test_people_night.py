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


def test_from_an_invitation_to_a_night_in_isolation(town: Town, sign_in: Callable[..., Any]) -> None:
    compound, building = town.place["开元丽城"], town.place["1号楼"]

    # The administrator of the community invites a liaison, and prints or sends the link.
    desk = Client()
    sign_in(desk, role="administrator", place=town.place["康桥社区"])
    asked = {"role": "liaison", "where": f"place:{compound.pk}", "uses": "1"}
    sent = desk.post(f"/staff/{compound.pk}/invite", asked, follow=True)
    link = found(r"(/invite/[\w-]+)", sent)

    # The liaison makes an account on a phone; the link is used up.
    liaison = sign_up(link, "韩梅梅", "han.mm", town)
    assert Client().get(link).status_code == 422

    # Cards for every household, printed to be put under the doors.
    assert liaison.post(f"/staff/{compound.pk}/cards").status_code == 302
    sheet = liaison.post(f"/staff/{building.pk}/cards/print")
    assert sheet.content.startswith(b"%PDF")
    printed = liaison.post(
        f"/api/people/cards/print?place={building.pk}",
        headers={"X-CSRFToken": liaison.cookies.get("csrftoken", "")},
    )
    card = printed.json()[0]

    # A household goes in by its card and sees nothing of others.
    home = Client()
    assert home.post(card["link"])["Location"] == "/"
    assert home.get(f"/people/{_person('han.mm')}").status_code == 404
    assert home.get(f"/staff/{compound.pk}").status_code == 403

    # The liaison invites a building head, is isolated at night, and hands over in one step.
    asked = {"role": "building_head", "where": f"place:{building.pk}", "uses": "1"}
    sent = liaison.post(f"/staff/{compound.pk}/invite", asked, follow=True)
    deputy = sign_up(found(r"(/invite/[\w-]+)", sent), "李雷", "li.lei", town)
    assert deputy.get(f"/staff/{compound.pk}/cards").status_code == 403  # may so in the building only
    page = liaison.get("/hand-over")
    over = {
        "deputy": _person("li.lei"),
        "roles": re.findall(r'name="roles" value="([^"]+)"', text(page)),
        "ends_at": timezone.localtime(town.now + timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M"),
        "why": "隔离",
    }
    assert liaison.post("/hand-over", over)["Location"] == "/hand-over"

    # The deputy works for the whole compound at once; the liaison takes it back in the morning.
    assert deputy.get(f"/staff/{compound.pk}/cards").status_code == 200
    stolen = deputy.post(f"/cards/{town.household['101'].pk}/reissue", {"place": compound.pk, "why": "被偷"})
    assert stolen.status_code == 302
    assert home.get("/devices").status_code == 302  # its phone was signed in with the stolen card
    with acting_as(SYSTEM):
        standing_in = Assignment.objects.get(stands_in_for__isnull=False)
    back = liaison.post(f"/assignments/{standing_in.pk}/end", {"back": "hand-over"})
    assert back["Location"] == "/hand-over"
    assert deputy.get(f"/staff/{compound.pk}/cards").status_code == 403

    # The journal tells it all, in order.
    with acting_as(SYSTEM):
        told = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    story = [
        "invited",
        "created",
        "accepted",
        "set up codes",
        "issued",
        "printed",
        "handed over",
        "revoked",
        "ended role",
    ]
    places = [told.index(verb) for verb in story]
    assert places == sorted(places)


def _person(username: str) -> str:
    with acting_as(SYSTEM):
        return str(Account.objects.get(username=username).person_id)
