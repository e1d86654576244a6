"""Fills a district with places that the source counts but does not name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .codes import PlaceKind
from .draft import Draft
from .geometry import Area


@dataclass(frozen=True, slots=True)
class Named:
    """A place that the source names, with what its key is called."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()


def fill(
    draft: Draft,
    parent: str,
    kind: PlaceKind,
    count: int,
    *,
    named: Sequence[Named] = (),
    heads: tuple[int, int] | None = None,
    area: Area | None = None,
    numbered: str = "",
) -> list[str]:
    """Cut a parent's ground into `count` places; the named come first, the rest get invented names.

    With `heads`, each unnamed place gets a head count in that range, and households at 2.6 heads each.
    """
    draft.directory.reserve(*(one.name for one in named))
    keys = []
    for index, tile in enumerate((area or draft.areas[parent]).tiles(count)):
        if index < len(named):
            one = named[index]
            keys.append(
                draft.place(kind, f"{parent}/{one.slug}", one.name, tile, parent=parent, aliases=one.aliases)
            )
            continue
        people = draft.rng.randrange(*heads) if heads else None
        keys.append(
            draft.place(
                kind,
                f"{parent}/{SHORT[kind]}{index + 1}",
                f"{numbered}{index + 1}{ENDING[kind]}" if numbered else draft.invented(str(kind)),
                tile,
                parent=parent,
                households=round(people / 2.6) if people else None,
                heads=people,
            )
        )
    return keys


SHORT: Mapping[PlaceKind, str] = {
    PlaceKind.DISTRICT: "d",
    PlaceKind.SUBDISTRICT: "s",
    PlaceKind.TOWNSHIP: "t",
    PlaceKind.COMMUNITY: "c",
    PlaceKind.VILLAGE: "v",
    PlaceKind.VILLAGE_GROUP: "g",
    PlaceKind.COMPOUND: "x",
    PlaceKind.URBAN_VILLAGE: "u",
}
"""Beginning of the keys of unnamed places."""
ENDING: Mapping[PlaceKind, str] = {PlaceKind.VILLAGE_GROUP: "组"}


def deal(total: int, among: int) -> list[int]:
    """Share a number out as evenly as whole numbers go, the larger shares first."""
    return [total // among + (index < total % among) for index in range(among)]
