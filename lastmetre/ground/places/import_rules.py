"""What taking over a roster would do to a compound, reckoned without the database: nothing is guessed or lost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from lastmetre.papers.masking import masked_name, shown_phone
from lastmetre.papers.pack import PhoneKind
from lastmetre.reading.folding import bare
from lastmetre.reading.rosters import LeftOut, Roster
from lastmetre.terms import (
    Building,
    Compound,
    Home,
    Household,
    InputError,
    Sentence,
    Source,
    Unit,
    natural_key,
    say,
)

FIELDS = ("name", "phone", "head_count", "floor")
FIELD_NAMES: dict[str, Sentence] = {
    "name": say("Name"),
    "phone": say("Phone"),
    "head_count": say("People"),
    "floor": say("Floor"),
}
TAKE_FILE = "file"
KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """One value of one household: what is known, what the file says."""

    home: Home
    field: str
    before: str | int | None
    after: str | int | None

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.home.building}/{self.home.unit}/{self.home.room}/{self.field}"


@dataclass(frozen=True, slots=True)
class Review:
    """What would happen, for a person to look at before it does."""

    added: tuple[Household, ...]
    buildings: tuple[str, ...]
    """Buildings that the compound does not have yet."""
    units: tuple[Unit, ...]
    """Units that a known building does not have yet, or of a new one."""
    filled: tuple[Change, ...]
    """Values that nobody knew so far."""
    conflicts: tuple[Change, ...]
    """Values that the file gives differently: a person says which is right."""
    same: int
    missing: tuple[Home, ...]
    """Households that the file does not list: they stay."""
    left_out: tuple[LeftOut, ...]

    @property
    def digest(self) -> str:
        """Hash of all of it: who confirms, confirms exactly this."""
        text = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def has_effect(self) -> bool:
        """Whether taking it over changes anything."""
        return bool(self.added or self.buildings or self.units or self.filled or self.conflicts)


def review(file: Roster, known: Compound, stairs: Sequence[Building] = ()) -> Review:
    """Compare what a file lists with what the compound has; `stairs` are to be there even without homes."""
    there = {household.home: household for household in known.households}
    added: dict[Home, Household] = {}
    changes: list[Change] = []
    left_out = list(file.left_out)
    met: set[Home] = set()
    same = 0
    for listed in file.households:
        home = settled_home(listed.home, known)
        if isinstance(home, Sentence):
            left_out.append(LeftOut(Source(), home))
        elif home in met:
            left_out.append(LeftOut(Source(), say("Home {home} stands in the file twice.", home=str(home))))
        elif home in there:
            found = list(_changes(there[home], listed))
            changes += found
            same += not found
            met.add(home)
        else:
            added[home] = replace(listed, home=home)
            met.add(home)
    buildings, units = _new_stairs(added, (*stairs, *file.buildings), known)
    return Review(
        tuple(sorted(added.values(), key=lambda one: one.home.sort_key)),
        buildings,
        units,
        tuple(change for change in changes if change.before in ("", None)),
        tuple(change for change in changes if change.before not in ("", None)),
        same,
        tuple(sorted(there.keys() - met, key=lambda home: home.sort_key)),
        tuple(sorted(left_out, key=lambda one: (one.source.sheet, one.source.row or 0))),
    )


def settled_home(home: Home, compound: Compound) -> Home | Sentence:
    """Name building and unit as the compound does; a sentence where the unit cannot be told."""
    building = called(home.building, compound)
    if building is None:
        return home
    units = [unit.name for unit in building.units if unit.name]
    if home.unit or not units:
        return Home(building.name, home.unit, home.room)
    if len(units) == 1:
        return Home(building.name, units[0], home.room)
    if Home(building.name, "", home.room) in {one.home for one in compound.households}:
        return Home(building.name, "", home.room)
    return say(
        "Home {home}: building {building} has the units {units}; the file names none.",
        home=str(home),
        building=building.name,
        units="、".join(units),
    )


def called(name: str, compound: Compound) -> Building | None:
    """Return the building that people call so."""
    wanted = bare(name)
    return next(
        (one for one in compound.buildings if wanted in map(bare, (one.name, *one.aliases))),
        None,
    )


def in_style_of(siblings: Sequence[str], name: str) -> str:
    """Spell a new building or unit as those that are there: 3 becomes 3号楼 beside 1号楼 and 2号楼."""
    endings = {found[1] for one in siblings if (found := re.fullmatch(r"\d+(\D+)", one))}
    is_one_style = len(endings) == 1 and all(re.fullmatch(r"\d+\D+", one) for one in siblings)
    return name + endings.pop() if is_one_style and name.isdecimal() else name


def chosen(review: Review, choices: Mapping[str, str]) -> list[Change]:
    """Return the changes to write: what was unknown, and what a person chose; raises InputError on open ones."""
    open_ones = [one for one in review.conflicts if choices.get(one.key) not in (TAKE_FILE, KEEP)]
    if open_ones:
        raise InputError(
            say(
                "{count} values differ and nobody has chosen (first: {home}).",
                count=len(open_ones),
                home=str(open_ones[0].home),
            ),
            remedy=say("Choose for each whether the file or the product is right."),
        )
    taken = [one for one in review.conflicts if choices[one.key] == TAKE_FILE]
    return [*review.filled, *taken]


def _changes(known: Household, listed: Household) -> Iterator[Change]:
    for field in FIELDS:
        before, after = getattr(known, field), getattr(listed, field)
        if after in ("", None) or after == before:
            continue
        if field == "name" and after in (masked_name(str(before)), "*"):
            continue  # a masked export that comes back says nothing new
        yield Change(known.home, field, before, after)


def _new_stairs(
    added: Mapping[Home, Household], stairs: Sequence[Building], known: Compound
) -> tuple[tuple[str, ...], tuple[Unit, ...]]:
    there = {building.name: {unit.name for unit in building.units} for building in known.buildings}
    told = {(unit.building, unit.name): unit for one in stairs for unit in one.units}
    wanted = {(home.building, home.unit) for home in added}
    wanted |= {pair for pair in told if called(pair[0], known) is None and pair[0] not in there}
    buildings = sorted({building for building, _ in wanted} - there.keys(), key=natural_key)
    units = [
        told.get((building, unit), Unit(building, unit))
        for building, unit in sorted(wanted, key=lambda pair: (natural_key(pair[0]), natural_key(pair[1])))
        if unit and unit not in there.get(building, set())
    ]
    return tuple(buildings), tuple(units)


def masked_before(change: Change) -> str | int | None:
    """Return what is known so far, masked: the file's own value stands beside it in full."""
    if change.field == "name":
        return masked_name(str(change.before or ""))
    if change.field == "phone":
        return f"····{shown_phone(str(change.before or ''), PhoneKind.TAIL)}"
    return change.before


def to_plain(file: Roster) -> dict[str, Any]:
    """Return what was read as JSON values, to be sealed until somebody confirms."""
    return {
        "name": file.name,
        "households": [
            [*asdict(one.home).values(), one.floor, one.phone, one.name, one.head_count]
            for one in file.households
        ],
        "buildings": [
            [one.name, one.lane, [[unit.name, unit.floors, unit.has_lift] for unit in one.units]]
            for one in file.buildings
        ],
        "left_out": [
            [
                one.source.sheet,
                one.source.row,
                one.sentence.template,
                [[k, str(v)] for k, v in one.sentence.values],
            ]
            for one in file.left_out
        ],
    }


def from_plain(plain: Mapping[str, Any]) -> Roster:
    """Return what `to_plain` was given."""
    return Roster(
        plain["name"],
        tuple(
            Household(Home(building, unit, room), floor, phone, name, head_count)
            for building, unit, room, floor, phone, name, head_count in plain["households"]
        ),
        tuple(
            Building(
                name,
                lane=lane,
                units=tuple(Unit(name, unit, floors, has_lift) for unit, floors, has_lift in units),
            )
            for name, lane, units in plain["buildings"]
        ),
        tuple(
            LeftOut(Source(sheet=sheet, row=row), Sentence(template, tuple((k, v) for k, v in values)))
            for sheet, row, template, values in plain["left_out"]
        ),
    )
