"""Whose payment a line of a statement is: by number, note, amount and time. What is not certain goes to a person.

A line is counted without a person only where two things agree that a stranger cannot both hit by chance:

1. the last four digits or more of its number, and the amount, as one household claimed them (or as somebody
   confirmed for one household by eye: then the line is that payment, and nothing is counted twice);
2. a room or phone tail in its note that is one household's, and the amount that this household has open;
3. an amount that only one household has open, and the time of that household's claim within half an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

NEAR = timedelta(minutes=30)
LEAST_TAIL = 4


class Ground(StrEnum):
    """Why a line was given to a household, or why not."""

    CLAIM = "claim"
    CONFIRMED = "confirmed"
    """Somebody had confirmed this payment before: the line belongs to it."""
    ROOM = "room"
    PHONE = "phone"
    TIME = "time"
    PERSON = "person"
    """A person settled it."""
    # Not certain
    SEVERAL = "several"
    ONLY_AMOUNT = "only_amount"
    OTHER_AMOUNT = "other_amount"
    NOTHING_OPEN = "nothing_open"
    NOTHING = "nothing"
    GIVEN_BACK = "given_back"


CERTAIN = frozenset({Ground.CLAIM, Ground.CONFIRMED, Ground.ROOM, Ground.PHONE, Ground.TIME, Ground.PERSON})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line of a statement."""

    key: UUID
    number: str
    amount_fen: int
    at: datetime
    rooms: frozenset[str]
    """Doors that the note names, as `Debtor.rooms` writes them."""
    digits: frozenset[str]
    """Numbers of four digits in the note: perhaps phone tails."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """A household that has ordered."""

    household: UUID
    due_fen: int
    rooms: frozenset[str]
    """Its door as people write it: 1-1-101, 1-101, 101."""
    phone_tail: str = ""
    home: UUID | None = None
    """The household itself, where `household` is its account in one of several rounds."""

    @property
    def who(self) -> UUID:
        """The household, whatever the round."""
        return self.home or self.household


@dataclass(frozen=True, slots=True)
class Said:
    """A claim, or a payment that somebody confirmed by eye and no statement has shown yet."""

    key: UUID
    household: UUID
    amount_fen: int
    tail: str
    """Digits of the transaction's number as they were typed: its end; '' where none were."""
    at: datetime | None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose a line is, or who it might be."""

    line: UUID
    ground: Ground
    household: UUID | None = None
    said: UUID | None = None
    """The claim or confirmed payment that it settles."""
    candidates: tuple[UUID, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Tell whether it counts without a person."""
        return self.ground in CERTAIN


def match(lines: Sequence[Incoming], debtors: Sequence[Debtor], said: Sequence[Said]) -> tuple[Verdict, ...]:
    """Return a verdict for each line, in order; what one line settles is open for no other."""
    open_fen = {debtor.household: debtor.due_fen for debtor in debtors}
    unused = {one.key: one for one in said}
    verdicts: dict[UUID, Verdict] = {}
    for judge in (_by_number, _by_note, _by_time):
        for line in lines:
            if line.key in verdicts or line.amount_fen <= 0:
                continue
            verdict = judge(line, debtors, list(unused.values()), open_fen)
            if verdict is None:
                continue
            verdicts[line.key] = verdict
            if verdict.household and verdict.ground is not Ground.CONFIRMED:
                open_fen[verdict.household] = open_fen.get(verdict.household, 0) - line.amount_fen
            if verdict.said:
                unused.pop(verdict.said, None)
    return tuple(
        verdicts.get(line.key) or _doubtful(line, debtors, list(unused.values()), open_fen) for line in lines
    )


def _tail_fits(line: Incoming, one: Said) -> bool:
    return len(one.tail) >= LEAST_TAIL and line.number.endswith(one.tail)


def _by_number(
    line: Incoming, debtors: Sequence[Debtor], said: Sequence[Said], open_fen: dict[UUID, int]
) -> Verdict | None:
    fits = [one for one in said if one.amount_fen == line.amount_fen and _tail_fits(line, one)]
    # The same number claimed by two homes is nobody's until a person has looked.
    if len({one.household for one in fits}) != 1:
        return None
    one = next((one for one in fits if one.is_confirmed), fits[0])
    ground = Ground.CONFIRMED if one.is_confirmed else Ground.CLAIM
    return Verdict(line.key, ground, one.household, one.key)


def _by_note(
    line: Incoming, debtors: Sequence[Debtor], said: Sequence[Said], open_fen: dict[UUID, int]
) -> Verdict | None:
    by_room = [debtor for debtor in debtors if debtor.rooms & line.rooms]
    by_phone = [debtor for debtor in debtors if debtor.phone_tail and debtor.phone_tail in line.digits]
    found = (*by_room, *by_phone)
    if len({debtor.who for debtor in found}) != 1:
        return None
    named = {debtor.household for debtor in found}
    confirmed = [
        one
        for one in said
        if one.is_confirmed
        and one.household in named
        and one.amount_fen == line.amount_fen
        and (not one.tail or _tail_fits(line, one))
    ]
    if confirmed:
        return Verdict(line.key, Ground.CONFIRMED, confirmed[0].household, confirmed[0].key)
    owing = [one for one in named if open_fen.get(one, 0) == line.amount_fen]
    if len(owing) != 1:  # the same sum in two of its rounds: a person says which
        return None
    (household,) = owing
    claim = next((one for one in said if one.household == household and not one.is_confirmed), None)
    ground = Ground.ROOM if by_room else Ground.PHONE
    return Verdict(line.key, ground, household, claim.key if claim else None)


def _by_time(
    line: Incoming, debtors: Sequence[Debtor], said: Sequence[Said], open_fen: dict[UUID, int]
) -> Verdict | None:
    if line.rooms:
        return None  # it names a door: another one's amount is no ground
    near = [
        one
        for one in said
        if one.at is not None
        and abs(one.at - line.at) <= NEAR
        and one.amount_fen == line.amount_fen
        and (not one.tail or _tail_fits(line, one))
    ]
    if len({one.household for one in near}) != 1:
        return None
    one = near[0]
    if one.is_confirmed:
        return Verdict(line.key, Ground.CONFIRMED, one.household, one.key)
    owing = [home for home, fen in open_fen.items() if fen == line.amount_fen]
    return Verdict(line.key, Ground.TIME, one.household, one.key) if owing == [one.household] else None


def _doubtful(
    line: Incoming, debtors: Sequence[Debtor], said: Sequence[Said], open_fen: dict[UUID, int]
) -> Verdict:
    if line.amount_fen <= 0:
        return Verdict(line.key, Ground.GIVEN_BACK)
    by_room = [debtor for debtor in debtors if debtor.rooms & line.rooms]
    named = [debtor.household for debtor in by_room]
    claimed = [one.household for one in said if one.amount_fen == line.amount_fen and _tail_fits(line, one)]
    owing = [home for home, fen in open_fen.items() if fen == line.amount_fen]
    candidates = tuple(dict.fromkeys([*claimed, *named, *owing]))[:8]
    if len(set(claimed)) > 1 or len({debtor.who for debtor in by_room}) > 1:
        return Verdict(line.key, Ground.SEVERAL, candidates=candidates)
    if named:
        is_owing = any(open_fen.get(one, 0) > 0 for one in named)
        ground = Ground.OTHER_AMOUNT if is_owing else Ground.NOTHING_OPEN
        return Verdict(line.key, ground, candidates=candidates)
    if len(owing) == 1:
        return Verdict(line.key, Ground.ONLY_AMOUNT, candidates=candidates)
    return Verdict(line.key, Ground.SEVERAL if owing else Ground.NOTHING, candidates=candidates)
