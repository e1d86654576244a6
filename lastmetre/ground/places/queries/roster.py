"""The roster: who lives where, masked; found by room, phone tail, name, initials or need."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Value, When

from lastmetre.ground.places.models import Compound, Household, Place
from lastmetre.ground.places.rules import Need, PlaceKind
from lastmetre.ground.protection.search import carrying, matching, term_of_need
from lastmetre.papers.masking import masked_name
from lastmetre.reading.places import read_address
from lastmetre.terms import Compound as CompoundTerms
from lastmetre.terms import InputError, say

PAGE = 50
_ENDING = "(号楼|号院|号|栋|幢|座|楼|单元|门|梯|室|房)?"
_LONE_ROOM = re.compile(r"[A-Za-z]?\d{1,4}[A-Za-z]?")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A household as lists show it: the door, and just enough of the person to know them again."""

    id: UUID
    door: UUID
    building: str
    unit: str
    room: str
    floor: int | None
    head_count: int | None
    name: str
    """Masked: 王**, 王女士; '' where none is known."""
    phone_tail: str
    """The last four digits; '' where no phone is known."""
    is_erased: bool

    @property
    def home(self) -> str:
        """The address as people write it: 7-2-903."""
        return "-".join(part for part in (self.building, self.unit, self.room) if part)


@dataclass(frozen=True, slots=True)
class RosterPage:
    """Some rows, and the cursor that continues; '' at the end."""

    rows: tuple[RosterRow, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class DoorPage:
    """Some households in the order of their doors, and the cursor that continues; '' at the end."""

    homes: tuple[Household, ...]
    next: str = ""


def roster(
    place: Place, *, words: str = "", needs: Sequence[Need] = (), after: str = "", limit: int = PAGE
) -> RosterPage:
    """Return a page of the roster of a place, in the order of its doors; two queries however many rows."""
    found = doors_within(place)
    words = words.replace("\0", " ")
    if words.strip():
        found = found.filter(matching(words) | _at_address(words, place))
    for need in needs:
        found = found.filter(carrying([term_of_need(need)]))
    page = door_page(found, after=after, limit=limit)
    return RosterPage(tuple(masked_row(household) for household in page.homes), page.next)


def door_page(rows: QuerySet[Household], *, after: str = "", limit: int = PAGE) -> DoorPage:
    """Return a page of a list of `doors_within`; one query however many rows."""
    found = rows.filter(doors_behind(after)) if after else rows
    shown = list(found[: limit + 1])
    return DoorPage(tuple(shown[:limit]), door_cursor(shown[limit - 1]) if len(shown) > limit else "")


def doors_within(place: Place) -> QuerySet[Household]:
    """Return the households of a place that are in use, in the order of their doors."""
    in_unit = Q(place__parent__kind=PlaceKind.UNIT)
    return (
        Household.objects.filter(path__within=place.path, place__ended_at__isnull=True)
        .select_related("place__parent__parent")
        .annotate(
            by_building=Case(
                When(in_unit, then=F("place__parent__parent__sort_key")), default=F("place__parent__sort_key")
            ),
            by_unit=Case(When(in_unit, then=F("place__parent__sort_key")), default=Value("")),
        )
        .order_by("by_building", "by_unit", "place__sort_key", "pk")
    )


def masked_row(household: Household) -> RosterRow:
    """Return a household as lists show it; its name and phone are opened here and not handed on."""
    building, unit = _building_and_unit(household.place)
    name, phone = household.name, household.phone
    digits = re.sub(r"\D", "", phone or "")
    return RosterRow(
        household.pk,
        household.place_id,
        building,
        unit,
        household.place.name,
        household.floor,
        household.head_count,
        masked_name(name or ""),
        digits[-4:] if len(digits) > 4 else "*" * len(digits),
        is_erased=name is None,
    )


def _building_and_unit(door: Place) -> tuple[str, str]:
    parent = door.parent
    if parent.kind == PlaceKind.UNIT:
        return parent.parent.name, parent.name
    return parent.name, ""


def _at_address(words: str, place: Place) -> Q:
    """Return the filter for doors whose address somebody typed: 903, 7-2-903, 7栋2单元903."""
    plain = words.strip()
    if _LONE_ROOM.fullmatch(plain):
        return _called("place", plain)
    detail = Compound.objects.filter(path__above=place.path).first()
    terms = CompoundTerms(
        place.name,
        two_parts=tuple((detail.two_parts if detail else "building-room").split("-")),
        three_parts=tuple((detail.three_parts if detail else "building-unit-room").split("-")),
    )
    typed = read_address(plain, terms)
    if not typed.building and not typed.room:
        return Q(pk__in=[])
    wanted = _called("place", typed.room) if typed.room else Q()
    in_unit = Q(place__parent__kind=PlaceKind.UNIT)
    if typed.building:
        wanted &= (in_unit & _called("place__parent__parent", typed.building)) | (
            ~in_unit & _called("place__parent", typed.building)
        )
    if typed.unit:
        wanted &= in_unit & _called("place__parent", typed.unit)
    return wanted


def _called(place: str, name: str) -> Q:
    """Return the filter for places of a name, however it ends: 7, 7号楼, 7栋."""
    pattern = f"^{re.escape(name)}{_ENDING}$"
    return Q(**{f"{place}__name__iregex": pattern}) | Q(**{f"{place}__aliases__contains": [name]})


def door_cursor(household: Household) -> str:
    """Return where a list of `doors_within` goes on after a household."""
    key = [household.by_building, household.by_unit, household.place.sort_key, str(household.pk)]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def doors_behind(cursor: str) -> Q:
    """Return the filter for what comes after `door_cursor`; raises InputError on what is none."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        building, unit, room, key = json.loads(base64.urlsafe_b64decode(padded))
        last = UUID(key)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise InputError(
            say("This page of the list does not exist."), remedy=say("Begin at its first page.")
        ) from error
    same_building = Q(by_building=building)
    same_unit = same_building & Q(by_unit=unit)
    return (
        Q(by_building__gt=building)
        | same_building & Q(by_unit__gt=unit)
        | same_unit & Q(place__sort_key__gt=room)
        | same_unit & Q(place__sort_key=room, pk__gt=last)
    )
