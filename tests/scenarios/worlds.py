"""The seven worlds, built once for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lastmetre import scenarios
from lastmetre.scenarios.codes import PlaceKind
from lastmetre.scenarios.place_rows import Household, Place
from lastmetre.scenarios.world import World

NAMES = scenarios.names()


@cache
def world(name: str, seed: int | None = None) -> World:
    """Build a world once."""
    return scenarios.build(name) if seed is None else scenarios.build(name, seed=seed)


def places(name: str, *kinds: PlaceKind, below: str = "") -> list[Place]:
    """Return a world's places of some kinds below a key."""
    return [place for place in world(name).places if place.kind in kinds and place.key.startswith(below)]


def households(name: str, below: str) -> list[Household]:
    """Return the households of a compound."""
    return [one for one in world(name).households if one.key.startswith(f"{below}/")]


def rows(built: World) -> Iterator[tuple[str, object]]:
    """Yield every row with the name of its table."""
    for field in built.__dataclass_fields__:
        value = getattr(built, field)
        if isinstance(value, tuple):
            yield from ((field, row) for row in value)
