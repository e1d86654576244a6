"""The pages of people: every one opens for who may, answers 404 or 403 to others, and asks few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from actors import Town, person_with
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lastmetre.ground.journal.models import Entry
from lastmetre.ground.people.actions import cards, invitations, squads
from lastmetre.ground.people.actions.persons import add_person
from lastmetre.ground.people.models import Assignment, Device, HouseholdCard, Person, Role, Shift, Squad
from lastmetre.ground.people.rules import SquadKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def helper(town: Town) -> Person:
    return person_with("volunteer", place=town.place["开元丽城"], name="李雷", phone="13711112222")


@pytest.fixture
def squad(town: Town, helper: Person) -> Squad:
    with acting_as(SYSTEM) as now:
        made = squads.add_squad(
            by=SYSTEM, at=now, place=town.place["开元丽城"], kind=SquadKind.SUPPLY, name="保供队"
        )
        squads.join_squad(made, helper, by=SYSTEM, at=now, is_leader=True)
        squads.plan_shift(made, by=SYSTEM, at=now, starts_at=now, ends_at=now + timedelta(hours=4), wanted=3)
    return made


def addresses(town: Town, helper: Person, squad: Squad) -> list[str]:
    place = town.place["开元丽城"].pk
    with acting_as(SYSTEM):
        shift = Shift.objects.get()
    staff = [f"/staff/{place}{rest}" for rest in ("", "/add", "/invite", "/cards", "/squads")]
    return [
        *staff,
        f"/people/{helper.pk}",
        f"/people/{helper.pk}/role",
        f"/squads/{squad.pk}",
        f"/shifts/{shift.pk}",
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_the_committee(
    client: Client, town: Town, helper: Person, squad: Squad, sign_in: SignIn, language: str
) -> None:
    sign_in(client, role="community_worker", place=town.place["康桥社区"])
    client.cookies["language"] = language
    for address in [*addresses(town, helper, squad), "/account", "/devices", "/hand-over", "/roles"]:
        assert client.get(address).status_code == 200, address


def test_what_is_foreign_looks_as_if_it_were_not_there(
    client: Client, town: Town, helper: Person, squad: Squad, sign_in: SignIn
) -> None:
    sign_in(client, role="community_worker", place=town.place["外苑"])
    for address in addresses(town, helper, squad):
        assert client.get(address).status_code == 404, address
    assert client.get(f"/organisations/{town.supplier.pk}/staff").status_code == 403


@pytest.mark.parametrize("role", ["driver", "volunteer", "receiver"])
def test_who_has_no_business_with_the_staff_is_told_so(
    client: Client, town: Town, helper: Person, squad: Squad, sign_in: SignIn, role: str
) -> None:
    sign_in(client, role=role, place=town.place["开元丽城"])
    for address in addresses(town, helper, squad):
        assert client.get(address).status_code == 403, address


def test_a_household_sees_no_staff_page(
    client: Client, town: Town, helper: Person, squad: Squad, sign_in: SignIn
) -> None:
    sign_in(client, household=town.household["101"])
    for address in addresses(town, helper, squad):
        assert client.get(address).status_code in (403, 404), address
    assert client.get("/devices").status_code == 200
    for address in ("/account", "/hand-over", "/roles"):
        assert client.get(address).status_code == 404, address


def test_the_list_masks_names_and_finds_people(
    client: Client, town: Town, helper: Person, sign_in: SignIn
) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    address = f"/staff/{town.place['开元丽城'].pk}"
    page = text(client.get(address))
    assert "李**" in page
    assert "····2222" in page
    assert "李雷" not in page
    assert "13711112222" not in page
    for words in ("李雷", "ll", "2222"):
        assert f"/people/{helper.pk}" in text(client.get(address, {"q": words}))
    assert f"/people/{helper.pk}" not in text(client.get(address, {"q": "9999"}))


@pytest.mark.parametrize("count", [2, 12])
def test_lists_ask_the_same_few_queries_however_long_they_are(
    client: Client, town: Town, sign_in: SignIn, count: int
) -> None:
    place = town.place["开元丽城"]
    sign_in(client, role="liaison", place=place)
    for number in range(count):
        person_with("volunteer", place=place, phone=f"1370000{number:04}")
    with acting_as(SYSTEM) as now:
        for number in range(count):
            squads.add_squad(by=SYSTEM, at=now, place=place, kind=SquadKind.DUTY, name=f"{number}")
        cards.issue_cards(place, by=SYSTEM, at=now)
    # One for the place, then two for people, three for squads; cards also ask for the buildings.
    for address, most in (("", 3), ("/squads", 4), ("/cards", 5)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/staff/{place.pk}{address}").status_code == 200
        asked = [
            one["sql"]
            for one in queries
            if "set_config" not in one["sql"]
            and "SAVEPOINT" not in one["sql"]
            and "current_setting('last" not in one["sql"]
        ]
        assert len(asked) <= most + 2, "\n".join(asked)


def test_a_full_name_needs_a_tap_that_is_recorded(
    client: Client, town: Town, helper: Person, sign_in: SignIn
) -> None:
    visitor = sign_in(client, role="liaison", place=town.place["开元丽城"])
    page = client.get(f"/people/{helper.pk}")
    assert "李雷" not in text(page)
    part = client.post(f"/people/{helper.pk}/reveal/name", headers={"HX-Request": "true"})
    assert "李雷" in text(part)
    assert "<html" not in text(part)
    whole = client.post(f"/people/{helper.pk}/reveal/phone")
    assert "13711112222" in text(whole)
    with acting_as(SYSTEM):
        lines = Entry.objects.filter(verb="revealed", thing=helper.pk, actor=visitor.actor.key)
        assert lines.count() == 2


def test_nobody_gives_more_than_they_have(
    client: Client, town: Town, helper: Person, sign_in: SignIn
) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    place = town.place["开元丽城"]
    choices = text(client.get(f"/people/{helper.pk}/role"))
    assert "building_head" in choices
    assert "commander" not in choices
    ok = client.post(
        f"/people/{helper.pk}/role", {"role": "building_head", "where": f"place:{town.place['1号楼'].pk}"}
    )
    assert ok.status_code == 302
    forged = client.post(f"/people/{helper.pk}/role", {"role": "commander", "where": f"place:{place.pk}"})
    assert forged.status_code == 422
    with acting_as(SYSTEM):
        assert not Assignment.objects.filter(role="commander").exists()


def test_a_helper_begins_only_when_fit(
    client: Client, town: Town, helper: Person, squad: Squad, sign_in: SignIn
) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    client.cookies["language"] = "en"
    with acting_as(SYSTEM):
        shift = Shift.objects.get()
    client.post(f"/shifts/{shift.pk}/change", {"what": "take", "person": helper.pk})
    with acting_as(SYSTEM):
        duty = shift.duties.get()

    def begin() -> str:
        return text(
            client.post(f"/shifts/{shift.pk}/change", {"what": "start", "duty": duty.pk}, follow=True)
        )

    def say(**form: str) -> None:
        assert client.post(f"/people/{helper.pk}/change", form).status_code == 302

    assert "has not said today that they feel well" in begin()
    say(what="fitness", is_fit="no")
    assert "does not feel well" in begin()
    say(what="fitness", is_fit="yes")
    assert "not trained before duty" in begin()
    say(what="training", topic="防护", trained_on="2026-11-25")
    assert "older than 48 hours" in begin()
    tested = (town.now + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")  # an hour ago in Shanghai
    say(what="fitness", is_fit="yes", tested_at=tested)
    assert "at work" in begin()


def test_a_volunteer_joins_by_link_for_the_shift_only(
    client: Client, town: Town, squad: Squad, sign_in: SignIn
) -> None:
    desk = Client()
    sign_in(desk, role="liaison", place=town.place["开元丽城"])
    with acting_as(SYSTEM):
        shift = Shift.objects.get()
    page = desk.post(f"/shifts/{shift.pk}/change", {"what": "link"}, follow=True)
    token = re.search(r"/v/([\w-]+)", text(page))[1]  # type: ignore[index]
    client.cookies["language"] = "en"
    unwell = {"name": "韩梅梅", "is_fit": "no", "is_briefed": "on", "tested_hours": "12"}
    assert "does not feel well" in text(client.post(f"/v/{token}", unwell))
    with acting_as(SYSTEM):
        assert not shift.duties.exists()
    well = unwell | {"is_fit": "yes"}
    assert client.post(f"/v/{token}", well)["Location"] == "/"
    with acting_as(SYSTEM) as now:
        device = Device.objects.get(kind="volunteer")
        assert device.expires_at == shift.ends_at
        assert device.person.name == "韩梅梅"
        squads.cancel_shift(shift, by=SYSTEM, at=now)
    assert client.get("/devices").status_code == 302


def test_who_opens_the_link_under_the_name_of_a_squad_member_is_that_member_once(
    client: Client, town: Town, squad: Squad, sign_in: SignIn
) -> None:
    desk = Client()
    sign_in(desk, role="liaison", place=town.place["开元丽城"])
    with acting_as(SYSTEM) as now:
        shift = Shift.objects.get()
        member = add_person(by=SYSTEM, at=now, place=squad.place, name="韩梅梅")
        squads.join_squad(squad, member, by=SYSTEM, at=now)
    page = desk.post(f"/shifts/{shift.pk}/change", {"what": "link"}, follow=True)
    link = re.search(r"/v/[\w-]+", text(page))[0]  # type: ignore[index]
    well = {"name": " 韩梅梅 ", "is_fit": "yes", "is_briefed": "on", "tested_hours": "12"}
    for phone in (client, Client()):
        assert phone.post(link, well)["Location"] == "/"
    with acting_as(SYSTEM):
        first, second = Device.objects.filter(kind="volunteer").order_by("created_at", "pk")
        assert first.person == member
        assert second.person != member  # the first phone is in use: another Han Meimei


@pytest.mark.parametrize("spoil", ["used", "expired", "revoked", "unknown"])
def test_a_link_that_no_longer_holds_says_why(client: Client, town: Town, spoil: str) -> None:
    with acting_as(SYSTEM) as now:
        row = invitations.invite(
            Role.objects.get(pk="liaison"), by=SYSTEM, at=now, place=town.place["开元丽城"]
        )
        changes: dict[str, Any] = {
            "used": {"uses_left": 0},
            "expired": {"created_at": now - timedelta(days=9), "expires_at": now},
            "revoked": {"revoked_at": now, "revoked_by": "x"},
        }.get(spoil, {})
        type(row).objects.filter(pk=row.pk).update(**changes)
        from lastmetre.ground.people.queries.invitations import INVITATION
        from lastmetre.ground.people.tokens import token_of

        token = token_of(row.pk, INVITATION) + ("x" if spoil == "unknown" else "")
    client.cookies["language"] = "en"
    sentence = {
        "used": "This link was used already.",
        "expired": "This link has expired.",
        "revoked": "This link was taken back.",
        "unknown": "This link is not known.",
    }[spoil]
    answer = client.get(f"/invite/{token}")
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_the_sheet_of_cards_is_a_pdf_and_its_printing_is_recorded(
    client: Client, town: Town, sign_in: SignIn
) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    place = town.place["开元丽城"].pk
    empty = client.post(f"/staff/{place}/cards/print")
    assert empty.status_code == 422
    client.post(f"/staff/{place}/cards")
    sheet = client.post(f"/staff/{place}/cards/print")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    with acting_as(SYSTEM):
        assert HouseholdCard.objects.count() == 3
        assert Entry.objects.get(verb="printed").detail == {"count": 3}
    again = client.post(f"/cards/{town.household['101'].pk}/reissue", {"place": place})
    assert again.status_code == 302
    assert client.post(f"/cards/{town.household['701'].pk}/reissue").status_code == 404


def test_a_place_adds_a_role_of_its_own(client: Client, town: Town, helper: Person, sign_in: SignIn) -> None:
    sign_in(client, role="administrator", place=town.place["康桥社区"])
    form = {
        "name": "送药员",
        "name_en": "Medicine runner",
        "scope": "place",
        "permissions": ["places.roster"],
    }
    assert client.post("/roles", form).status_code == 302
    with acting_as(SYSTEM):
        role = Role.objects.get(name="送药员")
        assert role.path == "d.s.c"
    where = f"place:{town.place['开元丽城'].pk}"
    given = client.post(f"/people/{helper.pk}/role", {"role": role.pk, "where": where})
    assert given.status_code == 302
    assert client.post(f"/roles/{role.pk}/end").status_code == 302
    other = Client()
    sign_in(other, role="administrator", place=town.place["邻区"])
    assert other.post(f"/roles/{role.pk}/end").status_code == 404


def test_a_supplier_keeps_its_own_staff(client: Client, town: Town, sign_in: SignIn) -> None:
    clerk = sign_in(client, role="supplier_clerk", organisation=town.supplier)
    firm, other = town.supplier.pk, town.other_supplier.pk  # type: ignore[union-attr]
    packer = person_with("supplier_staff", organisation=town.supplier, name="周桂英")
    listed = text(client.get(f"/organisations/{firm}/staff"))
    assert f"/people/{packer.pk}" in listed
    assert "周**" in listed
    assert client.get(f"/people/{packer.pk}").status_code == 200
    assert client.get(f"/people/{packer.pk}/role").status_code == 200
    assert client.get(f"/people/{clerk.actor.key}").status_code == 200
    for address in (f"/organisations/{other}/staff", f"/organisations/{other}/invite"):
        assert client.get(address).status_code == 403
    where = {"role": "supplier_staff", "where": f"organisation:{firm}", "uses": "1"}
    sent = client.post(f"/organisations/{firm}/invite", where, follow=True)
    link = re.search(r"(/invite/[\w-]+)", text(sent))[1]  # type: ignore[index]
    form = {"name": "吴明", "username": "wu.ming", "password": "three cats watch the moon"}
    assert Client().post(link, form).status_code == 200
    with acting_as(SYSTEM):
        made = Assignment.objects.get(person__account__username="wu.ming")
        assert (made.organisation_id, made.path) == (firm, None)
        assert Entry.objects.get(verb="invited").path == "d"
    forged = where | {"where": f"organisation:{other}"}
    assert client.post(f"/organisations/{firm}/invite", forged).status_code == 422
    until = timezone.localtime(town.now + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    over = {"deputy": packer.pk, "roles": [str(clerk.roles[0].assignment)], "ends_at": until}
    assert client.post("/hand-over", over).status_code == 302


def test_name_and_phone_change_and_what_is_left_empty_stays(
    client: Client, town: Town, helper: Person, sign_in: SignIn
) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    form = {"what": "contact", "name": "", "phone": "13733334444"}
    assert client.post(f"/people/{helper.pk}/change", form).status_code == 302
    page = f"/staff/{town.place['开元丽城'].pk}"
    assert f"/people/{helper.pk}" in text(client.get(page, {"q": "4444"}))
    assert f"/people/{helper.pk}" not in text(client.get(page, {"q": "2222"}))
    with acting_as(SYSTEM):
        helper.refresh_from_db()
        assert (helper.name, helper.phone) == ("李雷", "13733334444")


def test_organisations_of_a_place_are_listed_and_added_once(
    client: Client, town: Town, sign_in: SignIn
) -> None:
    sign_in(client, role="community_worker", place=town.place["康桥社区"])
    page = f"/staff/{town.place['康桥社区'].pk}/organisations"
    form = {"kind": "property_office", "name": "丽城物业"}
    assert client.post(page, form).status_code == 302
    assert "丽城物业" in text(client.get(page))
    assert client.post(page, form).status_code == 422
    assert client.get(f"/staff/{town.place['外苑'].pk}/organisations").status_code == 404


@pytest.mark.parametrize("year", ["0001", "0022", "9999"])
def test_a_year_that_slipped_is_asked_again(
    client: Client, town: Town, squad: Squad, sign_in: SignIn, year: str
) -> None:
    sign_in(client, role="liaison", place=town.place["开元丽城"])
    client.cookies["language"] = "en"
    wave = {
        "what": "shift",
        "starts_at": f"{year}-01-01T08:00",
        "ends_at": f"{year}-01-01T12:00",
        "wanted": "2",
    }
    answer = client.post(f"/squads/{squad.pk}/change", wave)
    assert (answer.status_code, "Check the year." in text(answer)) == (422, True)
