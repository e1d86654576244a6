"""Every role, every address of people, foreign ids: nobody reads or changes what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from actors import Town, person_with, put_device
from django.test import Client
from django.urls import URLPattern

from lastmetre.ground.people.actions import cards, invitations, squads
from lastmetre.ground.people.catalogue import CATALOGUE, HOUSEHOLD
from lastmetre.ground.people.models import (
    Account,
    Assignment,
    Device,
    HouseholdCard,
    Invitation,
    Person,
    Role,
    Shift,
    Squad,
)
from lastmetre.ground.people.rules import DeviceKind, Scope, SquadKind
from lastmetre.ground.people.urls import urlpatterns
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

FOREIGN_NAME, FOREIGN_PHONE = "钱多多", "13666660000"


@pytest.fixture
def foreign(town: Town) -> dict[str, Any]:
    """Rows of the neighbouring district, by the first part of the addresses that name them."""
    place = town.place["外苑"]
    person = person_with("liaison", place=place, name=FOREIGN_NAME, phone=FOREIGN_PHONE)
    put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
    with acting_as(SYSTEM) as now:
        squad = squads.add_squad(by=SYSTEM, at=now, place=place, kind=SquadKind.DUTY, name="外苑值守队")
        squads.join_squad(squad, person, by=SYSTEM, at=now)
        shift = squads.plan_shift(
            squad, by=SYSTEM, at=now, starts_at=now, ends_at=now + timedelta(hours=4), wanted=1
        )
        cards.issue_cards(place, by=SYSTEM, at=now)
        made = invitations.invite(Role.objects.get(pk="driver"), by=SYSTEM, at=now, place=place)
        return {
            "staff": place.pk,
            "organisations": town.other_supplier.pk,  # type: ignore[union-attr]
            "people": person.pk,
            "assignments": Assignment.objects.get(person=person).pk,
            "devices": Device.objects.get(person=person).pk,
            "invitations": made.pk,
            "cards": town.household["701"].pk,
            "squads": squad.pk,
            "shifts": shift.pk,
        }


def with_ids() -> list[str]:
    """Return the addresses that name a row, as templates."""
    found = [
        str(one.pattern)
        for one in urlpatterns
        if isinstance(one, URLPattern) and "<uuid:" in str(one.pattern)
    ]
    assert len(found) >= 20
    return found


def addresses(ids: dict[str, Any]) -> Iterator[str]:
    for template in with_ids():
        pk = ids[template.split("/")[0]]
        yield "/" + template.replace("<uuid:place>", str(pk)).replace("<uuid:pk>", str(pk)).replace(
            "<str:what>", "name"
        )


def state() -> list[Any]:
    """Return the foreign district's rows as they are."""
    with acting_as(SYSTEM):
        return [
            list(model.objects.order_by("pk").values())
            for model in (Account, Assignment, HouseholdCard, Invitation, Person, Shift, Squad)
        ]


DIFFERENT = {(role.scope, role.permissions): role.code for role in CATALOGUE}
"""One role for each set of permissions: roles that may the same see the same."""


@pytest.mark.parametrize("role", sorted(DIFFERENT.values()))
def test_foreign_rows_are_not_there(town: Town, foreign: dict[str, Any], role: str) -> None:
    client = Client()
    home = town.household["101"]
    scope = next(one.scope for one in CATALOGUE if one.code == role)
    if role == HOUSEHOLD:
        put_device(client, DeviceKind.HOUSEHOLD, home.path, household=home)
    else:
        where: dict[str, Any] = (
            {"organisation": town.supplier}
            if scope is Scope.ORGANISATION
            else {"place": home.place if scope is Scope.HOUSEHOLD else town.place["二七区"]}
        )
        person = person_with(role, **where)
        put_device(client, DeviceKind.ACCOUNT, person.path, person=person)
    before = state()
    missing = list(addresses({kind: uuid4() for kind in foreign}))
    for address, unknown in zip(addresses(foreign), missing, strict=True):
        for ask in (client.get, client.post):
            answer, control = ask(address), ask(unknown)
            assert answer.status_code in (403, 404, 405, 422), address
            assert FOREIGN_NAME not in answer.content.decode()
            assert FOREIGN_PHONE not in answer.content.decode()
            if not address.startswith("/organisations"):  # names of firms are known to all who are signed in
                assert answer.status_code == control.status_code, address
    assert state() == before
