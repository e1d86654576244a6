"""Staff sign in with a password and a code, households with a card; each refusal says why and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

import pyotp
import pytest
from actors import Town, person_with
from django.conf import settings
from django.db import connection
from django.test import Client

from lastmetre.ground.people.actions import cards, signing_in
from lastmetre.ground.people.actions.accounts import create_account, renew_recovery_codes
from lastmetre.ground.people.models import Account, Device, HouseholdCard, Throttle
from lastmetre.ground.people.queries.cards import cards_at, to_print
from lastmetre.ground.people.rules import FREE_FAILURES, LONGEST_WAIT, wait_after
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.models import Clock
from lastmetre.ground.protection.scope import acting_as

PASSWORD = "correct horse battery"


@pytest.fixture
def account(town: Town) -> Account:
    person = person_with("liaison", place=town.place["开元丽城"], account=False)
    with acting_as(SYSTEM) as now:
        account = create_account(person, by=SYSTEM, at=now, username="wang", password=PASSWORD)
        account.totp_confirmed_at = now
        account.save()
    return account


def code(account: Account, at: datetime, steps: int = 0) -> str:
    return pyotp.TOTP(account.totp_secret).generate_otp(int(at.timestamp()) // 30 + steps)


def text(answer: Any) -> str:
    return answer.content.decode()


def step(answer: Any) -> str:
    found = re.search(r'name="step" value="([^"]+)"', text(answer))
    assert found, text(answer)
    return found[1]


def first_step(client: Client, password: str = PASSWORD, username: str = "wang", to: str = "") -> Any:
    client.cookies["language"] = "en"
    return client.post("/sign-in", {"username": username, "password": password, "next": to})


def test_password_then_code_leads_to_the_page_that_was_wanted(
    client: Client, account: Account, town: Town
) -> None:
    second = first_step(client, to="/styleguide/?a=1")
    answer = client.post("/sign-in/code", {"code": code(account, town.now), "step": step(second)})
    assert (answer.status_code, answer["Location"]) == (302, "/styleguide/?a=1")
    cookie = answer.cookies[settings.DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(
    client: Client, account: Account, town: Town, to: str
) -> None:
    second = first_step(client, to=to)
    answer = client.post("/sign-in/code", {"code": code(account, town.now), "step": step(second)})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("wang", "wrong horse battery"), ("nobody", PASSWORD)])
def test_a_wrong_name_or_password_gets_one_sentence(
    client: Client, account: Account, username: str, password: str
) -> None:
    answer = first_step(client, password, username)
    assert answer.status_code == 422
    assert "User name or password is not right." in text(answer)


def test_a_code_works_once_and_an_old_one_says_that_the_clock_is_slow(account: Account, town: Town) -> None:
    def attempt(steps: int) -> str:
        answer = signing_in.try_code(account, code(account, town.now, steps), label="", at=town.now)
        return "in" if isinstance(answer, tuple) else str(answer.error.what)

    assert attempt(-5) == "This code is an old one: your phone's clock is slow."
    assert attempt(0) == "in"
    assert attempt(0) == "This code was used already."
    assert attempt(-1) == "This code was used already."
    assert attempt(1) == "in"
    assert attempt(5) == "This code is not right."


def test_codes_follow_the_real_time_in_a_demo_whose_clock_is_ahead(account: Account, town: Town) -> None:
    with acting_as(SYSTEM):
        Clock.objects.update(offset=timedelta(days=2), is_demo=True)
    ahead = town.now + timedelta(days=2)
    assert isinstance(signing_in.try_code(account, code(account, town.now), label="", at=ahead), tuple)


def test_a_recovery_code_works_once(account: Account, town: Town) -> None:
    with acting_as(SYSTEM):
        codes = renew_recovery_codes(account, by=SYSTEM, at=town.now)
    assert isinstance(signing_in.try_code(account, codes[0].lower(), label="", at=town.now), tuple)
    assert isinstance(signing_in.try_code(account, codes[0], label="", at=town.now), signing_in.Refused)
    assert isinstance(signing_in.try_code(account, codes[1], label="", at=town.now), tuple)


def test_failures_make_strangers_wait_but_not_the_browser_that_was_in_before(
    client: Client, account: Account, town: Town
) -> None:
    second = first_step(client)
    client.post("/sign-in/code", {"code": code(account, town.now), "step": step(second)})
    stranger = Client()
    for _ in range(FREE_FAILURES):
        assert first_step(stranger, "wrong horse battery").status_code == 422
    waiting = first_step(stranger)
    assert waiting.status_code == 429
    assert "Try again in 30 seconds." in text(waiting)
    assert first_step(stranger, username="somebody-else").status_code == 422
    assert first_step(client).status_code == 200


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(12)]
    assert waits[:5] == [0] * 5
    assert waits[5:9] == [30, 60, 120, 240]
    assert wait_after(10_000) == LONGEST_WAIT


def test_wrong_codes_make_the_second_step_wait(account: Account, town: Town) -> None:
    answers = [
        signing_in.try_code(account, "000000", label="", at=town.now) for _ in range(FREE_FAILURES + 1)
    ]
    assert [answer.is_throttled for answer in answers] == [False] * FREE_FAILURES + [True]  # type: ignore[union-attr]


def test_a_closed_account_learns_it_with_the_right_password_only(client: Client, account: Account) -> None:
    with acting_as(SYSTEM):
        Account.objects.update(is_active=False)
    assert "not right" in text(first_step(client, "wrong horse battery"))
    assert "This account is closed." in text(first_step(client))


def test_a_second_step_that_took_too_long_starts_again(client: Client, account: Account) -> None:
    client.cookies["language"] = "en"
    answer = client.post("/sign-in/code", {"code": "123456", "step": "forged"})
    assert answer.status_code == 422
    assert "Sign in again from the beginning." in text(answer)


def test_the_first_sign_in_sets_up_the_second_step(client: Client, account: Account, town: Town) -> None:
    with acting_as(SYSTEM):
        Account.objects.update(totp_confirmed_at=None)
    page = first_step(client)
    assert "Leave it out" not in text(page)
    wrong = client.post("/sign-in/set-up", {"code": "000000", "step": step(page)})
    assert wrong.status_code == 422
    done = client.post("/sign-in/set-up", {"code": code(account, town.now), "step": step(wrong)})
    assert text(done).count("<li><code>") == 8
    assert settings.DEVICE_COOKIE in done.cookies
    refused = client.post("/sign-in/set-up", {"later": "1", "step": step(page)})
    assert refused["Location"] == "/sign-in"


def test_only_a_demo_leaves_the_second_step_out(client: Client, account: Account) -> None:
    with acting_as(SYSTEM):
        Account.objects.update(totp_confirmed_at=None)
    page = first_step(client)
    assert client.post("/sign-in/set-up", {"later": "1", "step": step(page)}).status_code == 422
    with acting_as(SYSTEM):
        Clock.objects.update(is_demo=True)
    assert client.post("/sign-in/set-up", {"later": "1", "step": step(page)}).status_code == 302


def test_signing_out_ends_the_device_for_good(client: Client, account: Account, town: Town) -> None:
    client.post("/sign-in/code", {"code": code(account, town.now), "step": step(first_step(client))})
    token = client.cookies[settings.DEVICE_COOKIE].value
    assert client.post("/sign-out")["Location"] == "/sign-in"
    with acting_as(SYSTEM):
        assert Device.objects.get().revoked_at is not None
    client.cookies[settings.DEVICE_COOKIE] = token
    assert client.get("/nowhere").cookies[settings.DEVICE_COOKIE].value == ""


# Cards


@pytest.fixture
def card(town: Town) -> Iterator[Any]:
    with acting_as(SYSTEM) as now:
        assert cards.issue_cards(town.place["开元丽城"], by=SYSTEM, at=now) == 3
        assert cards.issue_cards(town.place["开元丽城"], by=SYSTEM, at=now) == 0
        yield to_print(cards_at(town.place["1号楼"]))[0]


def test_a_household_goes_in_by_link_with_one_tap_and_no_password(client: Client, card: Any) -> None:
    assert (card.where, card.door) == ("开元丽城 1号楼 1单元", "101")
    page = client.get(f"/h/{card.token}")
    assert "101" in text(page)
    assert settings.DEVICE_COOKIE not in page.cookies
    assert client.post(f"/h/{card.token}")["Location"] == "/"


def test_a_typed_code_forgives_case_hyphens_and_width(client: Client, card: Any) -> None:
    typed = card.code.lower().replace("-", " ")
    assert client.post("/card", {"code": typed})["Location"] == "/"


def test_signing_in_by_card_hashes_no_password(
    card: Any, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "is_password", lambda *_: pytest.fail("argon2"))
    monkeypatch.setattr(signing_in, "hash_password", lambda *_: pytest.fail("argon2"))
    assert isinstance(signing_in.try_card(card.token, label="", at=town.now), tuple)


def test_a_stolen_card_is_worth_nothing_and_its_phones_are_out(client: Client, card: Any, town: Town) -> None:
    client.post(f"/h/{card.token}")
    with acting_as(SYSTEM) as now:
        new = cards.reissue_card(town.household["101"], by=SYSTEM, at=now, why="偷了")
        assert Device.objects.get().revoked_at == now
    client.cookies["language"] = "en"
    for answer in (client.get(f"/h/{card.token}"), client.post("/card", {"code": card.code})):
        assert answer.status_code == 422
        assert "This card is no longer good" in text(answer)
    assert new.pk != card.card


def test_an_unknown_card_gets_its_sentence(client: Client, town: Town) -> None:
    client.cookies["language"] = "en"
    assert "Nobody has this card code." in text(client.get("/h/unknown"))
    assert "Nobody has this card code." in text(client.post("/card", {"code": "2345-6789-CFHK"}))


def test_guessing_card_codes_is_stopped_for_all_while_square_codes_go_on(
    client: Client, card: Any, town: Town
) -> None:
    for _ in range(60):
        signing_in.try_card_code("2345-6789-CFHK", label="", at=town.now)
    answer = client.post("/card", {"code": card.code})
    assert answer.status_code == 429
    assert isinstance(signing_in.try_card(card.token, label="", at=town.now), tuple)
    later = town.now + timedelta(minutes=2)
    assert isinstance(signing_in.try_card_code(card.code, label="", at=later), tuple)


# What the database holds


def test_no_secret_is_in_the_database_in_clear(
    client: Client, account: Account, card: Any, town: Town
) -> None:
    client.post(f"/h/{card.token}")
    secrets = [PASSWORD, account.totp_secret, card.token, card.code.replace("-", "")]
    secrets.append(client.cookies[settings.DEVICE_COOKIE].value)
    with acting_as(SYSTEM):
        rows = [
            *Account.objects.all(),
            *Device.objects.all(),
            *HouseholdCard.objects.all(),
            *Throttle.objects.all(),
        ]
        with connection.cursor() as cursor:
            stored = b""
            for row in rows:
                cursor.execute(
                    f"SELECT t::text FROM {row._meta.db_table} AS t WHERE {row._meta.pk.column} = %s",
                    [row.pk],
                )
                stored += cursor.fetchone()[0].encode()
    assert len(stored) > 1000
    for secret in secrets:
        assert secret
        assert secret.encode() not in stored
        assert secret.encode().hex() not in stored.decode()


def test_a_flood_of_passwords_is_told_to_wait_while_cards_go_on(
    client: Client, account: Account, card: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "HASHING", BoundedSemaphore(1))
    monkeypatch.setattr(signing_in, "WAITS_S", 0.01)
    with signing_in.HASHING:
        answer = first_step(client)
        assert (answer.status_code, "Try again in a few seconds." in text(answer)) == (429, True)
        assert client.post(f"/h/{card.token}").status_code == 302
    assert first_step(client).status_code == 200
