"""A login for every role: those of the demo's compound, and of the roles that it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from actors import person_with, put_device
from django.test import Client

from lastmetre.cli.loading import load_scenario
from lastmetre.ground.people.catalogue import CATALOGUE, HOUSEHOLD, VOLUNTEER
from lastmetre.ground.people.models import Account, Shift
from lastmetre.ground.people.rules import DeviceKind
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SCENARIO = "erqi"
NOBODY = "nobody"
ROLES = [NOBODY, *(role.code for role in CATALOGUE)]


def tokens() -> dict[str, str]:
    """Load the demo and return each role's token by the role's code; "" for nobody."""
    assert load_scenario(SCENARIO) is not None
    return {NOBODY: "", **dict(_tokens())}


def _tokens() -> Iterator[tuple[str, str]]:
    with acting_as(SYSTEM):
        accounts = list(Account.objects.select_related("person").order_by("username"))
        shift = Shift.objects.select_related("squad").order_by("-starts_at")[0]
        compound = Place.objects.get(name="开元丽城")
        # Paths are drawn by lot: only in the compound is a round open.
        home = Household.objects.filter(path__within=compound.path).order_by("path")[0]
    people = {account.username.rpartition(".")[2]: account.person for account in accounts}
    yield HOUSEHOLD, put_device(Client(), DeviceKind.HOUSEHOLD, home.path, household=home)
    helper = people["receiver"]
    duty = {"person": helper, "shift": shift, "life": timedelta(hours=8)}
    yield VOLUNTEER, put_device(Client(), DeviceKind.VOLUNTEER, shift.squad.path, **duty)
    for role in CATALOGUE:
        if role.code not in {HOUSEHOLD, VOLUNTEER}:
            person = people.get(role.code) or person_with(role.code, place=compound)
            yield role.code, put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
