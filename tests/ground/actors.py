"""A town small enough to solve by hand, and a login for every role.

def test_x(town, sign_in, client):
    sign_in(client, role="liaison", place=town.place["开元丽城"])

    二七区 d ─ 大学路街道 d.s ─ 康桥社区 d.s.c ─┬─ 开元丽城 d.s.c.k ─┬─ 1号楼 (1单元: 101 王芳, 102 李强)
                                                │                    └─ 2号楼 (1单元: 201 单雄信)
                                                └─ 别苑 d.s.c.b ───── 9号楼 (1单元: 901 赵敏)
    邻区 x ─ 外苑 x.o ─ 7号楼 (1单元: 701 钱多)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lastmetre.ground.people.actions.devices import sign_in_device
from lastmetre.ground.people.models import Account, Assignment, Organisation, Person, Role
from lastmetre.ground.people.queries.door import Visitor, visitor_of_token
from lastmetre.ground.people.rules import DeviceKind, OrganisationKind
from lastmetre.ground.places.models import Building, Compound, Household, Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for, standing_response
from lastmetre.ground.protection.scope import acting_as

TREE = """
d district 二七区
d.s subdistrict 大学路街道
d.s.c community 康桥社区
d.s.c.k compound 开元丽城
d.s.c.k.1 building 1号楼
d.s.c.k.1.u unit 1单元
d.s.c.k.1.u.101 household 101
d.s.c.k.1.u.102 household 102
d.s.c.k.2 building 2号楼
d.s.c.k.2.u unit 1单元
d.s.c.k.2.u.201 household 201
d.s.c.b compound 别苑
d.s.c.b.9 building 9号楼
d.s.c.b.9.u unit 1单元
d.s.c.b.9.u.901 household 901
x district 邻区
x.o compound 外苑
x.o.7 building 7号楼
x.o.7.u unit 1单元
x.o.7.u.701 household 701
"""
HOUSEHOLDS = {
    "101": ("王芳", "13800000101"),
    "102": ("李强", "13800000102"),
    "201": ("单雄信", "13800000201"),
    "901": ("赵敏", "13800000901"),
    "701": ("钱多", "13800000701"),
}


@dataclass
class Town:
    """The town's rows: places by name (units by path), households by room, one supplier and one foreign one."""

    now: datetime
    place: dict[str, Place] = field(default_factory=dict)
    path: dict[str, Place] = field(default_factory=dict)
    household: dict[str, Household] = field(default_factory=dict)
    supplier: Organisation | None = None
    other_supplier: Organisation | None = None


@pytest.fixture
def town(scene: dict[str, Any]) -> Town:
    """The small town, written as SYSTEM; the test itself sees nothing until it acts as somebody."""
    town: Town = scene["town"]
    return town


def build_town() -> Town:
    """Write the small town into the database that is connected."""
    with acting_as(SYSTEM) as now:
        town = Town(now)
        for line in TREE.split("\n")[1:-1]:
            path, kind, name = line.split(" ")
            parent = town.path.get(path.rpartition(".")[0])
            row = Place(kind=kind, name=name, path=path, sort_key=name, parent=parent)
            row.save(force_insert=True)
            town.path[path] = town.place[name] = row
            if kind == "compound":
                Compound(place=row).save(force_insert=True)
            if kind == "building":
                Building(place=row, floors=6).save(force_insert=True)
            if kind == "household":
                who, phone = HOUSEHOLDS[name]
                home = Household(
                    place=row, response=response_for(path), floor=1, head_count=2, name=who, phone=phone
                )
                home.save(force_insert=True)
                town.household[name] = home
        town.supplier = _organisation("永辉超市", town.place["二七区"])
        town.other_supplier = _organisation("邻家超市", town.place["邻区"])
    return town


def _organisation(name: str, seat: Place) -> Organisation:
    row = Organisation(kind=OrganisationKind.SUPPLIER, name=name, seat=seat)
    row.save(force_insert=True)
    return row


def person_with(
    role: str = "",
    *,
    place: Place | None = None,
    organisation: Organisation | None = None,
    name: str = "张伟",
    phone: str = "13900001111",
    at: datetime | None = None,
    account: bool = True,
) -> Person:
    """Write somebody with a role from now on and an account, without the waits of a real password."""
    with acting_as(SYSTEM) as now:
        seat = place or (organisation.seat if organisation else None)
        person = Person(
            place=seat, organisation=organisation, response=standing_response(now), name=name, phone=phone
        )
        person.save(force_insert=True)
        if role:
            Assignment(
                person=person,
                role=Role.objects.get(code=role),
                place=place,
                organisation=None if place else organisation,
                starts_at=at or now,
                given_by="system",
            ).save(force_insert=True)
        if account:
            Account(
                person=person,
                response=standing_response(now),
                username=f"u{new_id().hex[-12:]}",
                password="not a hash",
                created_at=now,
                password_changed_at=now,
                totp_confirmed_at=now,
            ).save(force_insert=True)
        person.refresh_from_db()
    return person


def put_device(client: Client, kind: DeviceKind, path: str, **owner: Any) -> str:
    """Give a client a device of its own; returns the token."""
    with acting_as(SYSTEM) as now:
        _, token = sign_in_device(by=SYSTEM, at=now, kind=kind, path=path, label="tests", **owner)
    if kind is DeviceKind.TOKEN:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    else:
        client.cookies[settings.DEVICE_COOKIE] = token
    return token


def visitor_at_the_door(token: str) -> Visitor:
    """Return the visitor as the middleware finds them."""
    with acting_as(SYSTEM) as now:
        visitor = visitor_of_token(token, at=now)
    assert visitor is not None
    return visitor


@pytest.fixture
def sign_in() -> Callable[..., Visitor]:
    """Sign a client in: `sign_in(client, role=..., place=...|organisation=...)` or `household=...`.

    A household role needs `household=`; `token=True` signs a program in (Authorization: Bearer).
    """

    def sign_in(
        client: Client,
        *,
        role: str = "household",
        place: Place | None = None,
        organisation: Organisation | None = None,
        household: Household | None = None,
        name: str = "张伟",
        token: bool = False,
    ) -> Visitor:
        if household is not None and role == "household":
            return visitor_at_the_door(
                put_device(client, DeviceKind.HOUSEHOLD, household.path, household=household)
            )
        person = person_with(
            role,
            place=place or (household.place if household else None),
            organisation=organisation,
            name=name,
        )
        kind = DeviceKind.TOKEN if token else DeviceKind.ACCOUNT
        return visitor_at_the_door(put_device(client, kind, person.path, person=person))

    return sign_in
