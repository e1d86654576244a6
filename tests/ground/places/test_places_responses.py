"""A response ends in two steps, and what it sealed is gone for good, with a certificate."""

from __future__ import annotations

import os
import time
from datetime import datetime

import pytest
from small_district import Small, staff
from timed import within

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.actions.responses import close_response, erase_response, open_response
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.responses import certificate, responses_within
from lastmetre.ground.places.queries.roster import roster
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import SYSTEM, Denied
from lastmetre.ground.protection.responses import standing_response
from lastmetre.terms import InputError

PEOPLE = int(os.environ.get("PEOPLE", "1000"))
"""`make faults` erases 10,000."""


def test_an_erased_response_leaves_a_certificate_and_nothing_to_read(small: Small) -> None:
    street = small["street"]
    response = open_response(street, name="2022年春", by=SYSTEM, at=small.at)
    rows = [NewHousehold(small["10"].pk, str(n), name="王芳", phone="13800005555") for n in range(301, 311)]
    add_households(rows, by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="still open"):
        erase_response(response, typed_name="2022年春", by=SYSTEM, at=small.at)
    close_response(response, by=SYSTEM, at=small.at)
    with pytest.raises(InputError, match="not the name"):
        erase_response(response, typed_name="2022年", by=SYSTEM, at=small.at)
    assert len(roster(street, words="5555").rows) == 10
    erased = erase_response(response, typed_name=" 2022年春 ", by=SYSTEM, at=small.at)
    assert roster(street, words="5555").rows == ()
    assert {row.is_erased for row in roster(small["10"], words="301").rows} == {True}
    assert small.household("1-1-101").name == "单雄信"  # sealed by the standing response
    paper = certificate(erased)
    assert dict(paper.rows)["places_household"] == 10
    assert paper.place == street
    assert len(erased.key_fingerprint) == 16
    assert Entry.objects.get(verb="erase").detail == {"key": erased.key_fingerprint}
    with pytest.raises(InputError, match="already"):
        erase_response(erased, typed_name="2022年春", by=SYSTEM, at=small.at)


def test_the_standing_response_never_ends(small: Small) -> None:
    with pytest.raises(InputError, match="does not end"):
        close_response(standing_response(small.at), by=SYSTEM, at=small.at)


def test_only_who_may_ends_a_response_and_sees_those_of_their_places(small: Small) -> None:
    response = open_response(small["street"], name="2022", by=SYSTEM, at=small.at)
    with pytest.raises(Denied):
        close_response(response, by=staff(small["compound"].path), at=small.at)
    assert responses_within(staff(small["compound"].path)) == []
    assert responses_within(staff(small["street"].path)) == [(response, small["street"])]


def test_thousands_of_people_are_erased_in_a_minute(as_system: datetime) -> None:
    """Trust.md 19: 10,000 people in 60 s."""
    rows = [NewPlace(PlaceKind.DISTRICT, "宜昌", None)]
    rows.append(NewPlace(PlaceKind.COMPOUND, "东辰心语", rows[0].id))
    district, compound = add_places(rows, by=SYSTEM, at=as_system)
    response = open_response(district, name="2022", by=SYSTEM, at=as_system)
    people = [
        NewHousehold(compound.pk, str(n), name="王芳", phone=f"138{n:08}", head_count=1)
        for n in range(PEOPLE)
    ]
    add_households(people, by=SYSTEM, at=as_system)
    close_response(response, by=SYSTEM, at=as_system)
    began = time.monotonic()
    erase_response(response, typed_name="2022", by=SYSTEM, at=as_system)
    assert time.monotonic() - began < within(60)
    assert {household.name for household in Household.objects.all()} == {None}
    assert {household.phone for household in Household.objects.all()} == {None}
