"""What holds for loads whatever the database says: states, plates. Pure, no database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    DISPATCH = "transport.dispatch"
    """Say which vehicle brings what, and when."""
    DRIVE = "transport.drive"
    """Say that a load has left or arrived."""


class LoadState(StrEnum):
    """How far a load is."""

    ANNOUNCED = "announced"
    """The vehicle is known; it may still be empty."""
    UNDERWAY = "underway"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


MOVES: Mapping[LoadState, frozenset[LoadState]] = {
    LoadState.ANNOUNCED: frozenset({LoadState.UNDERWAY, LoadState.CANCELLED}),
    LoadState.UNDERWAY: frozenset({LoadState.ARRIVED}),
    LoadState.ARRIVED: frozenset(),
    LoadState.CANCELLED: frozenset(),
}
LOAD_WORDS: dict[LoadState, Sentence] = {
    LoadState.ANNOUNCED: say("being loaded"),
    LoadState.UNDERWAY: say("on its way"),
    LoadState.ARRIVED: say("arrived"),
    LoadState.CANCELLED: say("cancelled"),
}
LOAD_COLOURS: dict[LoadState, str] = {
    LoadState.ANNOUNCED: "wait",
    LoadState.UNDERWAY: "now",
    LoadState.ARRIVED: "good",
    LoadState.CANCELLED: "idle",
}


def can_move(before: LoadState, after: LoadState) -> bool:
    """Tell whether a load may go from one state to another."""
    return after in MOVES[before]


def check_move(before: LoadState, after: LoadState) -> None:
    """Raise InputError where `can_move` says no."""
    if not can_move(before, after):
        raise InputError(
            say(
                "This load is {before}: it cannot become “{after}” now.",
                before=LOAD_WORDS[before],
                after=LOAD_WORDS[after],
            ),
            remedy=say("Look at the load as it is now."),
        )


_PLATE = re.compile(r"[一-鿿A-Z0-9-]{2,12}")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What brings the goods, and who drives it."""

    plate: str
    driver_name: str = ""
    driver_phone: str = ""
    driver: str = ""
    """Key of the person who drives, where they have an account: they see the load."""
    carrier: UUID | None = None
    """The firm whose vehicle it is; None: the supplier's."""
    is_own: bool = False
    """The community's own vehicle fetches the goods (FC4d)."""


def plain_plate(text: str) -> str:
    """Return a number plate as it is stored: upper case, without spaces and dots; raises InputError for none."""
    plate = re.sub(r"[\s·.・•]+", "", text).upper()
    if not _PLATE.fullmatch(plate):
        raise InputError(
            say("“{plate}” is no number plate.", plate=text.strip()[:20]),
            remedy=say("Write it as on the vehicle, such as 豫A12345: the gate looks for it."),
        )
    return plate


def check_count(counted: int | None, booked: int) -> None:
    """Raise InputError where what was counted differs from the books: nothing leaves uncounted (PD6)."""
    if counted is not None and counted != booked:
        raise InputError(
            say("You counted {counted} bags; {booked} are in the books.", counted=counted, booked=booked),
            remedy=say("Count again. If it is still so, scan bag by bag: what is missing shows."),
        )
