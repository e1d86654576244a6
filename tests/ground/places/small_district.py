"""A small district that can be reckoned by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from lastmetre.ground.places.actions.bulk import NewHousehold, NewPlace, add_households, add_places
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.rules import Permission, PlaceKind
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Grant


@dataclass
class Small:
    """二七区 > 德化街 > 开元丽城 (1: units 1, 2; 10: no units) and 别苑 (1), with four households."""

    at: datetime
    places: dict[str, Place]
    households: dict[str, Household]

    def __getitem__(self, name: str) -> Place:
        """Return a place as the database has it now."""
        return Place.objects.get(pk=self.places[name].pk)

    def household(self, home: str) -> Household:
        return Household.objects.get(pk=self.households[home].pk)


def staff(path: str, *permissions: str, key: str = "someone") -> Actor:
    """Return an actor who sees one place and all below it, with all permissions of places unless some are named."""
    allowed = frozenset(permissions or tuple(Permission))
    return Actor(key, ActorKind.STAFF, sees=(path,), grants=(Grant(allowed, path=path),))


@pytest.fixture
def small(as_system: datetime) -> Small:
    at = as_system
    made: dict[str, NewPlace] = {}

    def new(key: str, kind: PlaceKind, name: str, parent: str = "", **known: object) -> None:
        made[key] = NewPlace(kind, name, made[parent].id if parent else None, **known)  # type: ignore[arg-type]

    new("district", PlaceKind.DISTRICT, "二七区")
    new("street", PlaceKind.SUBDISTRICT, "德化街", "district")
    new("compound", PlaceKind.COMPOUND, "开元丽城", "street", aliases=("丽城",))
    new("1", PlaceKind.BUILDING, "1", "compound", aliases=("一号楼",), floors=18, has_lift=True)
    new("1-1", PlaceKind.UNIT, "1", "1", floors=18, has_lift=True)
    new("1-2", PlaceKind.UNIT, "2", "1", floors=18, has_lift=True)
    new("10", PlaceKind.BUILDING, "10", "compound", floors=6)
    new("other", PlaceKind.COMPOUND, "别苑", "street")
    new("other-1", PlaceKind.BUILDING, "1", "other")
    add_places(list(made.values()), by=SYSTEM, at=at)
    homes = {
        "1-1-101": NewHousehold(
            made["1-1"].id, "101", floor=1, name="单雄信", phone="13800001234", head_count=3
        ),
        "1-2-1701": NewHousehold(
            made["1-2"].id, "1701", floor=17, name="王芳", phone="13800001701", head_count=2
        ),
        "10-201": NewHousehold(
            made["10"].id, "201", floor=2, name="李四", needs=("lives_alone",), head_count=1
        ),
        "other-1-101": NewHousehold(made["other-1"].id, "101", name="王芳", phone="13900009999"),
    }
    add_households(list(homes.values()), by=SYSTEM, at=at)
    households = {key: Household.objects.get(pk=row.id) for key, row in homes.items()}
    return Small(at, {key: Place.objects.get(pk=row.id) for key, row in made.items()}, households)
