"""What holds for loads whatever the database says: states, plates. Pure, no database."""

from __future__ import annotations

import re
import unicodedata
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


_PROVINCE = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
_SIGN = "[A-HJ-NP-Z0-9]"  # GA 36: the letters I and O stand on no plate after the second place
_FORMS = (
    rf"{_PROVINCE}[A-Z]{_SIGN}{{5}}",
    rf"{_PROVINCE}[A-Z]{_SIGN}{{4}}[挂学警港澳试超]",
    rf"{_PROVINCE}[A-Z][A-HJK]{_SIGN}[0-9]{{4}}",  # new energy, small
    rf"{_PROVINCE}[A-Z][0-9]{{5}}[A-HJK]",  # new energy, large
    rf"{_PROVINCE}[A-Z][A-Z0-9]{{3,4}}应急",
    rf"{_PROVINCE}[A-Z]?[0-9]{{4}}领",
    r"使[0-9]{6}|[0-9]{6}使",
    r"民航[A-Z0-9]{5}",
    rf"WJ{_PROVINCE}?[0-9]{{4}}[0-9A-Z]",
    r"[A-Z]{2}[0-9]{5}",  # the army's
)
_USUAL = re.compile("|".join(_FORMS))
_ANY = re.compile(r"[一-鿿A-Z0-9-]{2,12}")


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
    sure_of: str = ""
    """The plate once more, where it was asked about and does read so."""


class UnusualPlate(InputError):
    """A plate of no usual form: a slip, or one that nobody here knows. Asked about once, never refused."""

    def __init__(self, plate: str) -> None:
        super().__init__(
            say(
                "Does “{plate}” stand on the vehicle just so? Plates mostly look like 豫A12345.", plate=plate
            ),
            remedy=say("Compare it with the vehicle. If it does read so, send it once more."),
        )
        self.plate = plate


def checked_plate(text: str, *, sure_of: str = "") -> str:
    """Return a plate as it is stored; raises UnusualPlate for an unusual one of which nobody said they are sure."""
    plate = plain_plate(text)
    if not _USUAL.fullmatch(plate) and not (sure_of and plain_plate(sure_of) == plate):
        raise UnusualPlate(plate)
    return plate


def plain_plate(text: str) -> str:
    """Return a number plate as it is stored: upper case, without spaces and dots; raises InputError for none."""
    plate = re.sub(r"[\s·.・•]+", "", unicodedata.normalize("NFKC", text)).upper()
    if not _ANY.fullmatch(plate):
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
