"""What holds for places whatever the database says: kinds, what lies within what, modes, permissions."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a role may be allowed to do with places."""

    EDIT_PLACES = "places.edit"
    SEE_ROSTER = "places.roster"
    EDIT_ROSTER = "places.roster.edit"
    REVEAL = "places.reveal"
    DECIDE_REGIME = "places.regime"
    MANAGE_RESPONSE = "places.response"


class PlaceKind(StrEnum):
    """Kinds of places, from the largest to the smallest (ER3a)."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    VILLAGE = "village"
    VILLAGE_GROUP = "village_group"
    COMPOUND = "compound"
    URBAN_VILLAGE = "urban_village"
    CAMPUS = "campus"
    BUILDING = "building"
    UNIT = "unit"
    HOUSEHOLD = "household"


LEVELS: dict[PlaceKind, int] = {
    PlaceKind.CITY: 0,
    PlaceKind.DISTRICT: 1,
    PlaceKind.COUNTY: 1,
    PlaceKind.SUBDISTRICT: 2,
    PlaceKind.TOWNSHIP: 2,
    PlaceKind.COMMUNITY: 3,
    PlaceKind.VILLAGE: 3,
    PlaceKind.VILLAGE_GROUP: 4,
    PlaceKind.COMPOUND: 5,
    PlaceKind.URBAN_VILLAGE: 5,
    PlaceKind.CAMPUS: 5,
    PlaceKind.BUILDING: 6,
    PlaceKind.UNIT: 7,
    PlaceKind.HOUSEHOLD: 8,
}
COMPOUND_KINDS = frozenset({PlaceKind.COMPOUND, PlaceKind.URBAN_VILLAGE, PlaceKind.CAMPUS})
"""What has gates, carts and a delivery point of its own."""


def can_lie_within(kind: PlaceKind, parent: PlaceKind | None) -> bool:
    """Tell whether a place of `kind` may lie directly within `parent`; levels may be left out (ER3a)."""
    if parent is None:
        return LEVELS[kind] <= LEVELS[PlaceKind.COUNTY]
    return LEVELS[parent] < LEVELS[kind]


class Risk(StrEnum):
    """Risk levels (YX11)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class SupplyMode(StrEnum):
    """How goods may reach people under a regime (YX6, YX11-YX14)."""

    WALK_IN = "walk_in"
    SALE_POINT = "sale_point"
    MOBILE_VAN = "mobile_van"
    ONLINE = "online"
    GROUP = "group"
    ASSISTED = "assisted"
    ASSIGNED_SUPPLIER = "assigned_supplier"
    DISTRIBUTION_POINT = "distribution_point"


class HandOver(StrEnum):
    """Where a household gets its bag."""

    DOOR = "door"
    PICKUP = "pickup"


class Need(StrEnum):
    """Coded needs of a household (ER2, YX11d); nothing medical."""

    LIVES_ALONE = "lives_alone"
    OVER_60 = "over_60"
    OVER_80 = "over_80"
    HARDLY_MOBILE = "hardly_mobile"
    DISABLED = "disabled"
    NO_KIN = "no_kin"
    INFANT = "infant"
    PREGNANT = "pregnant"
    NO_SMARTPHONE = "no_smartphone"
    NEEDS_CALLS = "needs_calls"
