"""Places as written -> households of the compound, or the doubt why not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from lastmetre.reading.folding import fold
from lastmetre.reading.notices import part_number
from lastmetre.reading.sounds import sound
from lastmetre.terms import Compound, Doubt, Home, OrderLine, Place, natural_key, say

_MAX_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class HomeBook:
    """Index of a compound: finds the household that a place means. Building it costs one pass over the roster."""

    compound: Compound
    buildings: dict[str, str]
    """Every way of naming a building -> its name."""
    by_room: dict[tuple[str, str], tuple[Home, ...]]
    """(building, room) -> homes; more than one where units repeat room numbers."""
    phones: dict[str, tuple[Home, ...]]

    @classmethod
    def of(cls, compound: Compound) -> HomeBook:
        """Index `compound`."""
        by_room: dict[tuple[str, str], list[Home]] = defaultdict(list)
        phones: dict[str, list[Home]] = defaultdict(list)
        for household in compound.households:
            by_room[household.home.building, household.home.room].append(household.home)
            if household.phone:
                phones[household.phone].append(household.home)
        return cls(
            compound,
            _building_names(compound),
            {key: tuple(homes) for key, homes in by_room.items()},
            {key: tuple(homes) for key, homes in phones.items()},
        )

    def resolve(self, line: OrderLine) -> OrderLine:
        """Return the line with its home, or with the doubt that keeps it from one."""
        if not line.place and not line.phone:
            return line
        home, doubts = self.find(line.place)
        if home is None and not doubts and line.phone and not line.doubts:
            doubts = self._by_phone(line.phone)
        others = self.phones.get(line.phone, ()) if line.phone and home and not line.proxy else ()
        if others and home not in others:
            sentence = say("The phone number is that of {home}. Which home is meant?", home=str(others[0]))
            doubts += (Doubt("phone_of_other_home", sentence, (str(home), *map(str, others))),)
        return replace(line, home=home, doubts=line.doubts + doubts)

    def find(self, place: Place) -> tuple[Home | None, tuple[Doubt, ...]]:
        """Find the home of a place; nothing at all for a place that names no room and no building."""
        if place.lane and self.compound.lanes and place.lane not in self.compound.lanes:
            return None, (
                Doubt(
                    "other_lane",
                    say(
                        "Lane {lane} does not belong to {compound}.",
                        compound=self.compound.name,
                        lane=place.lane,
                    ),
                ),
            )
        if not (place.building or place.room):
            return None, ()
        building, doubts = self._building(place)
        if building is None:
            return None, doubts
        if not place.room:
            return self._only_home(building, place)
        return self._in_building(building, place)

    def _building(self, place: Place) -> tuple[str | None, tuple[Doubt, ...]]:
        names = [building.name for building in self.compound.buildings]
        if place.building is None:
            if len(names) == 1:
                return names[0], ()
            homes = [home for name in names for home in self.by_room.get((name, place.room or ""), ())]
            return None, (_which_home(place, homes),)
        name = self.buildings.get(_plain(place.building)) or self.buildings.get(_sound(place.building))
        if name is None:
            near = get_close_matches(place.building, names, _MAX_SUGGESTIONS, 0.5)
            sentence = say(
                "{compound} has no building “{name}”.", compound=self.compound.name, name=place.building
            )
            suggestions = tuple(f"{name}-{place.room}" for name in near) if place.room else ()
            return None, (Doubt("no_such_building", sentence, suggestions),)
        return name, ()

    def _only_home(self, building: str, place: Place) -> tuple[Home | None, tuple[Doubt, ...]]:
        """A villa is a building with one household."""
        homes = [
            household.home for household in self.compound.households if household.home.building == building
        ]
        if len(homes) == 1:
            return homes[0], ()
        sentence = say("Which room? “{text}” names none.", text=place.text or building)
        return None, (Doubt("room_missing", sentence),)

    def _in_building(self, building: str, place: Place) -> tuple[Home | None, tuple[Doubt, ...]]:
        room = place.room or ""
        units = [
            unit.name for part in self.compound.buildings if part.name == building for unit in part.units
        ]
        if not self.compound.households:
            return self._without_roster(building, units, place)
        homes = self.by_room.get((building, room), ())
        if place.unit is not None:
            exact = [home for home in homes if home.unit == place.unit or not home.unit]
            if len(exact) == 1:
                return exact[0], ()
            return None, (_no_such_home(self, building, place, homes),)
        if len(homes) == 1:
            return homes[0], ()
        if homes:
            return None, (_which_home(place, homes),)
        return None, (_no_such_home(self, building, place, ()),)

    def _without_roster(
        self, building: str, units: list[str], place: Place
    ) -> tuple[Home | None, tuple[Doubt, ...]]:
        room = place.room or ""
        if place.unit is not None and units and place.unit not in units:
            return None, (_no_such_home(self, building, place, ()),)
        if place.unit is not None or len(units) <= 1:
            return Home(building, place.unit or (units[0] if units else ""), room), ()
        homes = [Home(building, unit, room) for unit in units]
        return None, (_which_home(place, homes),)

    def _by_phone(self, phone: str) -> tuple[Doubt, ...]:
        homes = self.phones.get(phone, ())
        suggestions = tuple(map(str, homes[:_MAX_SUGGESTIONS]))
        return (Doubt("no_home", say("No address. The phone number may tell the home."), suggestions),)


def _which_home(place: Place, homes: Iterable[Home]) -> Doubt:
    names = tuple(str(home) for home in list(homes)[:_MAX_SUGGESTIONS])
    return Doubt("which_home", say("Which home is “{text}”?", text=place.text), names)


def _no_such_home(book: HomeBook, building: str, place: Place, same_room: Iterable[Home]) -> Doubt:
    """Suggest the same room in another unit, then the rooms that look most alike."""
    rooms = sorted({room for name, room in book.by_room if name == building}, key=natural_key)
    near = get_close_matches(place.room or "", rooms, _MAX_SUGGESTIONS, 0.6)
    homes = [*same_room, *(home for room in near for home in book.by_room[building, room])]
    names = tuple(dict.fromkeys(str(home) for home in homes))[:_MAX_SUGGESTIONS]
    sentence = say("{compound} has no home “{text}”.", compound=book.compound.name, text=place.text)
    return Doubt("no_such_home", sentence, names)


def _building_names(compound: Compound) -> dict[str, str]:
    names: dict[str, str] = {}
    for building in compound.buildings:
        for alias in (building.name, *building.aliases):
            names.setdefault(_plain(alias), building.name)
    for building in compound.buildings:
        for alias in (building.name, *building.aliases):
            names.setdefault(_sound(alias), building.name)
    return names


def _plain(name: str) -> str:
    lettered = re.fullmatch(r"([A-Za-z]\d{0,2})\s*(?:号楼|座|栋|幢|楼)", fold(name).strip())
    return (lettered[1] if lettered else part_number(name)).upper().lstrip("0")


def _sound(name: str) -> str:
    """Homophone slips (友园 as 有园) sound the same; numbers stay themselves."""
    return "~" + sound(_plain(name))
