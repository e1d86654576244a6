"""Logins for every role of the catalogue, in the small town of tests/ground/actors.py."""

from __future__ import annotations

from collections.abc import Iterator

from actors import Town, person_with, put_device
from django.test import Client

from lastmetre.ground.people.catalogue import CATALOGUE, HOUSEHOLD, VOLUNTEER
from lastmetre.ground.people.rules import DeviceKind, Scope

NOBODY = "nobody"
HIGH = {"subdistrict_officer", "price_inspector", "commander", "auditor", "administrator", "hotline_operator"}
"""Roles of a district; the others work in a compound."""


def logins(town: Town) -> dict[str, str]:
    """Return each role's token in a town that is there."""
    return {NOBODY: "", **dict(_tokens(town))}


def _tokens(town: Town) -> Iterator[tuple[str, str]]:
    home = town.household["101"]
    yield HOUSEHOLD, put_device(Client(), DeviceKind.HOUSEHOLD, home.path, household=home)
    for number, role in enumerate(CATALOGUE):
        if role.code in {HOUSEHOLD, VOLUNTEER}:
            continue
        place = town.place["二七区" if role.code in HIGH else "开元丽城"]
        person = person_with(
            role.code,
            place=None
            if role.scope == Scope.ORGANISATION
            else home.place
            if role.scope == Scope.HOUSEHOLD
            else place,
            organisation=town.supplier if role.scope == Scope.ORGANISATION else None,
            phone=f"139000{number:05}",
        )
        yield role.code, put_device(Client(), DeviceKind.ACCOUNT, person.path, person=person)
