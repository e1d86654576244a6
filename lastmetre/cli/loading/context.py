"""What all parts of the loading share: ids of keys, dates moved to today, who writes."""

from __future__ import annotations

import datetime
from uuid import UUID

from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.scenarios.draft import CHINA
from lastmetre.scenarios.world import World


class Context:
    """One loading: a world, the actor, the time, and the ids that keys have got."""

    def __init__(self, world: World, *, by: Actor, at: datetime.datetime) -> None:
        self.world = world
        self.by = by
        self.at = at
        self._moved = at.astimezone(CHINA).date() - world.day
        self._ids: dict[str, UUID] = {}

    def id(self, key: str) -> UUID:
        """Return the id of a row by its key: the same each time."""
        if key not in self._ids:
            self._ids[key] = new_id()
        return self._ids[key]

    def is_known(self, key: str) -> bool:
        """Whether a key has an id already."""
        return key in self._ids

    def name(self, key: str, known: UUID) -> None:
        """Give a key the id of a row that is there already."""
        self._ids[key] = known

    def door(self, household: str) -> UUID:
        """Return the id of a household's door, which is a place of its own."""
        return self.id(f"{household}#door")

    def date(self, day: datetime.date) -> datetime.date:
        """Move a date so that the scenario's day is today."""
        return day + self._moved

    def start_of(self, day: datetime.date) -> datetime.datetime:
        """Return the first moment of a date, moved."""
        return datetime.datetime.combine(self.date(day), datetime.time(), CHINA)

    def moment(self, moment: datetime.datetime) -> datetime.datetime:
        """Move a moment with its date."""
        return moment + self._moved
