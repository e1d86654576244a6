"""What holds for places whatever the database says: kinds, what lies within what, modes, permissions."""

from __future__ import annotations

import re
from enum import StrEnum

from lastmetre.ground.protection.search import initials_of
from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do with places."""

    EDIT_PLACES = "places.edit"
    SEE_ROSTER = "places.roster"
    EDIT_ROSTER = "places.roster.edit"
    EXPORT_ROSTER = "places.roster.export"
    """Take names and phones out of the product: not part of seeing them one by one."""
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
KIND_NAMES: dict[PlaceKind, Sentence] = {
    PlaceKind.CITY: say("City"),
    PlaceKind.DISTRICT: say("District"),
    PlaceKind.COUNTY: say("County"),
    PlaceKind.SUBDISTRICT: say("Sub-district"),
    PlaceKind.TOWNSHIP: say("Township"),
    PlaceKind.COMMUNITY: say("Community"),
    PlaceKind.VILLAGE: say("Village"),
    PlaceKind.VILLAGE_GROUP: say("Village group"),
    PlaceKind.COMPOUND: say("Compound"),
    PlaceKind.URBAN_VILLAGE: say("Urban village"),
    PlaceKind.CAMPUS: say("Campus"),
    PlaceKind.BUILDING: say("Building"),
    PlaceKind.UNIT: say("Unit"),
    PlaceKind.HOUSEHOLD: say("Household"),
}
COMPOUND_KINDS = frozenset({PlaceKind.COMPOUND, PlaceKind.URBAN_VILLAGE, PlaceKind.CAMPUS})
"""What has gates, carts and a delivery point of its own."""


def can_lie_within(kind: PlaceKind, parent: PlaceKind | None) -> bool:
    """Tell whether a place of `kind` may lie directly within `parent`; levels may be left out (ER3a)."""
    if parent is None:
        return LEVELS[kind] <= LEVELS[PlaceKind.COUNTY]
    return LEVELS[parent] < LEVELS[kind]


def check_lies_within(kind: PlaceKind, name: str, parent: PlaceKind | None) -> None:
    """Raise InputError where `can_lie_within` says no."""
    if can_lie_within(kind, parent):
        return
    if parent is None:
        raise InputError(
            say("{name}: a {kind} must lie within another place.", name=name, kind=KIND_NAMES[kind]),
            remedy=say("Add the district or county first."),
        )
    raise InputError(
        say(
            "{name}: a {kind} cannot lie within a {parent}.",
            name=name,
            kind=KIND_NAMES[kind],
            parent=KIND_NAMES[parent],
        ),
        remedy=say("Choose a larger place for it."),
    )


def kinds_within(parent: PlaceKind | None) -> list[PlaceKind]:
    """Return what may be added directly within a place, the largest first."""
    return [kind for kind in PlaceKind if can_lie_within(kind, parent)]


def spoken(kind: str, name: str) -> Sentence:
    """Return a place's name as people say it: a building 7 is 7号楼, a unit 2 is 2单元."""
    if name.isdecimal() and kind == PlaceKind.BUILDING:
        return say("Building {building}", building=name)
    if name.isdecimal() and kind == PlaceKind.UNIT:
        return say("Unit {unit}", unit=name)
    return say("{name}", name=name)


NAME_LENGTH = 60
PERSON_LENGTH = 60
NOTE_LENGTH = 500
SORT_KEY_LENGTH = 120
_PADDED_DIGITS = 8


def checked_name(name: str) -> str:
    """Return a place's name without spaces around it; raises InputError on an empty or endless one."""
    plain = " ".join(name.split())
    if not plain:
        raise InputError(say("A place needs a name."), remedy=say("Write what people call it."))
    if len(plain) > NAME_LENGTH:
        raise InputError(
            say("“{name}” is longer than {limit} signs.", name=plain[:20] + "…", limit=NAME_LENGTH),
            remedy=say("Write what people call it; the rest can be an alias."),
        )
    return plain


def sort_key(name: str) -> str:
    """Return a name with its numbers padded, so that the database sorts 9 before 10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(_PADDED_DIGITS), name)[:SORT_KEY_LENGTH]


def pinyin_of(name: str, aliases: tuple[str, ...] | list[str]) -> str:
    """Return the pinyin initials of all names of a place, in all readings, between spaces."""
    initials = dict.fromkeys(
        word for text in (name, *aliases) for word in initials_of(text) if any(map(str.isalpha, word))
    )
    return f" {' '.join(initials)} "[:SORT_KEY_LENGTH] if initials else ""


PART_NAMES: dict[str, Sentence] = {
    "lane": say("lane"),
    "building": say("building"),
    "unit": say("unit"),
    "room": say("room"),
}
ADDRESS_PARTS = tuple(PART_NAMES)


def checked_parts(text: str, count: int) -> str:
    """Return what a bare 3-501 or 7-2-903 means, such as building-room; raises InputError."""
    parts = text.replace(" ", "").split("-")
    if len(parts) != count or len(set(parts)) != count or not set(parts) <= set(ADDRESS_PARTS):
        raise InputError(
            say("“{text}” does not say what {count} numbers mean.", text=text, count=count),
            remedy=say("Write {count} of lane, building, unit, room with dashes.", count=count),
        )
    return "-".join(parts)


class Risk(StrEnum):
    """Risk levels (YX11)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


RISK_NAMES: dict[Risk, Sentence] = {
    Risk.LOW: say("Low risk"),
    Risk.MEDIUM: say("Medium risk"),
    Risk.HIGH: say("High risk"),
}


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


MODE_NAMES: dict[SupplyMode, Sentence] = {
    SupplyMode.WALK_IN: say("Shops are open to walk in"),
    SupplyMode.SALE_POINT: say("Temporary sale points"),
    SupplyMode.MOBILE_VAN: say("Sale from vans at set places"),
    SupplyMode.ONLINE: say("Order online, delivered without contact"),
    SupplyMode.GROUP: say("The compound orders together"),
    SupplyMode.ASSISTED: say("Helpers buy for those who cannot order"),
    SupplyMode.ASSIGNED_SUPPLIER: say("A supplier is assigned to the place"),
    SupplyMode.DISTRIBUTION_POINT: say("Emergency distribution points"),
}


class HandOver(StrEnum):
    """Where a household gets its bag."""

    DOOR = "door"
    PICKUP = "pickup"


class PointKind(StrEnum):
    """Kinds of points of service (FC7, ER14, ER16, YX14a, PD3, QZ6b, QZ8, SQ8)."""

    DELIVERY_POINT = "delivery_point"
    TEMPORARY_SALE_POINT = "temporary_sale_point"
    EMERGENCY_POINT = "emergency_point"
    MARKET_POINT = "market_point"
    FRONT_WAREHOUSE = "front_warehouse"
    MOBILE_STOP = "mobile_stop"
    TRANSIT_STATION = "transit_station"
    SHELF = "shelf"
    """Where drivers set goods down without meeting the receiver (SQ8)."""


POINT_NAMES: dict[PointKind, Sentence] = {
    PointKind.DELIVERY_POINT: say("Delivery point"),
    PointKind.TEMPORARY_SALE_POINT: say("Temporary sale point"),
    PointKind.EMERGENCY_POINT: say("Emergency distribution point"),
    PointKind.MARKET_POINT: say("Market point"),
    PointKind.FRONT_WAREHOUSE: say("Front warehouse"),
    PointKind.MOBILE_STOP: say("Stop of the mobile market"),
    PointKind.TRANSIT_STATION: say("Transit station"),
    PointKind.SHELF: say("Shelf for goods without contact"),
}


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


NEED_NAMES: dict[Need, Sentence] = {
    Need.LIVES_ALONE: say("Lives alone"),
    Need.OVER_60: say("Over 60"),
    Need.OVER_80: say("Over 80"),
    Need.HARDLY_MOBILE: say("Hardly moves"),
    Need.DISABLED: say("Disabled"),
    Need.NO_KIN: say("No kin nearby"),
    Need.INFANT: say("With an infant"),
    Need.PREGNANT: say("Pregnant"),
    Need.NO_SMARTPHONE: say("No smartphone"),
    Need.NEEDS_CALLS: say("Wants to be called"),
}


def checked_needs(codes: tuple[str, ...] | list[str]) -> str:
    """Return codes of needs as they are stored, each once and in order; raises InputError on others."""
    unknown = [code for code in codes if code not in list(Need)]
    if unknown:
        raise InputError(
            say("“{code}” is no need that is kept here.", code=unknown[0]),
            remedy=say("Choose from the list; illnesses are never written down."),
        )
    return " ".join(need for need in Need if need in codes)
