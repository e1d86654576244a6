"""Notices: on the household's page at once, to the carriers afterwards, each once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from relay import Relay

from lastmetre.chain.orders import carriers
from lastmetre.chain.orders.actions.notices import MOST_ATTEMPTS, notify, send_waiting
from lastmetre.chain.orders.carriers import Letter
from lastmetre.chain.orders.models import Notice, Sending
from lastmetre.chain.orders.notice_rules import NoticeKind, kept, said_again
from lastmetre.chain.orders.queries.notices import notices_for
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

SENT: list[Letter] = []


class Postman:
    """A carrier of the tests; one of its letters gets lost where the text says so."""

    name = "postman"

    def send(self, letter: Letter) -> None:
        if "lost" in letter.text:
            raise OSError("no signal")
        SENT.append(letter)


@pytest.fixture
def postman(settings: LazySettings) -> Iterator[list[Letter]]:
    settings.CARRIERS = [f"{__name__}:Postman"]
    carriers.carriers.cache_clear()
    SENT.clear()
    yield SENT
    carriers.carriers.cache_clear()


def tell(relay: Relay, text: str = "Please pay {yuan} yuan.", *rooms: str, **more: Any) -> None:
    places = [relay.household[room].place for room in rooms or ("101",)]
    with acting_as(SYSTEM) as now:
        sentence = say(text, yuan="82.60")
        notify(NoticeKind.PAY, sentence=sentence, places=places, by=SYSTEM, at=now, row=relay.round, **more)


def test_a_household_reads_its_own_notices_and_those_of_its_compound(relay: Relay) -> None:
    tell(relay)
    tell(relay, "not yours", "102")
    with acting_as(SYSTEM) as now:
        opened = say("Order until {time}.", time="15:00")
        places = [relay.round.place]
        notify(NoticeKind.OPENED, sentence=opened, places=places, by=SYSTEM, at=now)
    with acting_as(relay.resident("101")) as now:
        told = notices_for(relay.household["101"].path, at=now)
    assert [str(one.text) for one in told] == ["Order until 15:00.", "Please pay 82.60 yuan."]
    assert [one.state for one in told] == ["", "act"]
    with acting_as(relay.resident("101")):
        assert Notice.objects.count() == 2


def test_a_notice_ends(relay: Relay) -> None:
    tell(relay, until=relay.now + timedelta(hours=1))
    with acting_as(SYSTEM):
        path = relay.household["101"].path
        assert notices_for(path, at=relay.now + timedelta(minutes=30))
        assert not notices_for(path, at=relay.now + timedelta(hours=2))


def test_the_household_s_first_page_shows_it(
    relay: Relay, client: Client, sign_in: Callable[..., Any]
) -> None:
    tell(relay)
    sign_in(client, household=relay.household["101"])
    assert "82.60" in client.get("/").content.decode()


def test_carriers_get_each_letter_once_with_the_number(relay: Relay, postman: list[Letter]) -> None:
    tell(relay)
    for _ in range(3):
        send_waiting(at=relay.now)
    assert [letter.phone for letter in postman] == ["13800000101"]
    assert "82.60" in postman[0].text


def test_what_a_carrier_loses_is_tried_again_and_keeps_nobody_waiting(
    relay: Relay, postman: list[Letter]
) -> None:
    tell(relay, "lost")
    tell(relay, "found", "102")
    for _ in range(MOST_ATTEMPTS + 3):
        send_waiting(at=relay.now)
    assert [letter.text for letter in postman] == ["found"]
    with acting_as(SYSTEM):
        assert Sending.objects.get(sent_at=None).attempts == MOST_ATTEMPTS


def test_the_log_says_no_whole_number(relay: Relay, caplog: pytest.LogCaptureFixture) -> None:
    tell(relay)
    with caplog.at_level(logging.INFO):
        assert send_waiting(at=relay.now) == 1
    assert "…0101" in caplog.text
    assert "13800000101" not in caplog.text


def test_a_carrier_that_is_not_there_is_named(settings: LazySettings) -> None:
    settings.CARRIERS = ["nowhere:Carrier"]
    carriers.carriers.cache_clear()
    with pytest.raises(InputError, match="no carrier “nowhere:Carrier”"):
        carriers.carriers()
    carriers.carriers.cache_clear()


def test_sentences_within_sentences_are_kept() -> None:
    sentence = say("{what}: {why}", what="A", why=say("There are {count}.", count=3))
    assert said_again(kept(sentence)) == sentence
    with pytest.raises(TypeError):
        kept(say("{who}", who=object()))
