"""What holds for allocation whatever the database says: pure, no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from lastmetre.chain.orders.rules import MOST, RoundState
from lastmetre.ground.places.rules import Need
from lastmetre.terms import InputError, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    DECIDE = "allocation.decide"
    """Share out a round, and override a share with a reason."""


NEEDS_MORE = frozenset({Need.OVER_80, Need.HARDLY_MOBILE, Need.DISABLED, Need.INFANT, Need.PREGNANT})
"""Needs that count in sharing: who cannot go and find something else. Living alone is no hunger."""
CAN_OVERRIDE = (RoundState.ALLOCATED, RoundState.ORDERED)
CAN_CUT = (RoundState.ALLOCATED, RoundState.ORDERED, RoundState.PACKED)
"""Later, what is missing is lost from its bag (`ledger.lose`)."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What is ordered of a good and what households get of it, in sale units."""

    stock: Decimal | None
    """What the supplier has; None: as much as is wanted."""
    handed: Decimal
    case_size: int | None
    cases: int
    spare: Decimal
    """Ordered, and nobody gets it yet."""


def room(supply: Supply, state: RoundState) -> Decimal | None:
    """Return how much more can be given; None: as much as anybody wants. Never more than there is."""
    if state is not RoundState.ALLOCATED:
        return supply.spare  # the supplier has the order: only what comes anyway
    if supply.stock is None:
        return None
    if not supply.case_size:
        return max(supply.stock - supply.handed, Decimal(0))
    return max(supply.stock // supply.case_size * supply.case_size - supply.handed, Decimal(0))


def handing(supply: Supply, handed: Decimal, state: RoundState) -> Supply:
    """Return what is ordered when households get so much; after the order whatever is not given is spare."""
    cases, spare = supply.cases, supply.spare + supply.handed - handed
    if state is RoundState.ALLOCATED:
        cases = cases_for(handed, supply.case_size)
        spare = Decimal(cases * (supply.case_size or 0)) - handed if supply.case_size else Decimal(0)
    return Supply(supply.stock, handed, supply.case_size, cases, spare)


def cases_for(quantity: Decimal, case_size: int | None) -> int:
    """Return the whole cases that hold a quantity; 0 where single units are sold."""
    return int((quantity / case_size).to_integral_value(ROUND_CEILING)) if case_size else 0


def check_quantity(quantity: Decimal, *, step: Decimal, most: Decimal | None, before: Decimal) -> None:
    """Raise InputError where a share cannot be so much: broken, or more than there is."""
    if not quantity.is_finite() or quantity < 0 or quantity % step:
        raise InputError(
            say("“{quantity}” is no share.", quantity=str(quantity)[:20]),
            remedy=say("Write 0, or a multiple of {step}.", step=f"{step.normalize():f}"),
        )
    if most is not None and quantity - before > most:
        raise InputError(
            say("There is not so much left: {left} more can be given.", left=f"{most.normalize():f}"),
            remedy=say("Give less, or take it from another household first."),
        )


def check_why(why: str) -> str:
    """Return the reason of an override; raises InputError where there is none: everybody reads it."""
    said = " ".join(why.split())[:200]
    if len(said) < 2:
        raise InputError(
            say("Say why this share is changed."),
            remedy=say("One sentence, without names: everybody who checks the list reads it."),
        )
    return said


def check_state(state: RoundState, allowed: tuple[RoundState, ...]) -> None:
    """Raise InputError where shares cannot be changed in this way any more."""
    if state not in allowed:
        raise InputError(
            say("Shares cannot be changed at this stage of the round."),
            remedy=say("What is missing from a packed bag is taken out of it; open the bag and say so."),
        )


def check_more(more: Decimal, *, step: Decimal, room: Decimal | None, is_by_case: bool, name: str) -> None:
    """Raise InputError where a household cannot take so much more to fill a case; `room` is up to its limit."""
    if not more.is_finite() or more < 0 or more % step or more > MOST:
        raise InputError(
            say("{name}: “{quantity}” is no quantity.", name=name, quantity=str(more)[:20]),
            remedy=say("Write 0, or a multiple of {step}.", step=f"{step.normalize():f}"),
        )
    if more and not is_by_case:
        raise InputError(
            say("{name} is ordered singly: there is no case to fill.", name=name),
            remedy=say("Leave it empty."),
        )
    if room is not None and more > max(room, Decimal(0)):
        raise InputError(
            say(
                "{name}: {left} more is all that a household may have.",
                name=name,
                left=f"{room.normalize():f}",
            ),
            remedy=say(
                "The limit lets the goods reach more doors. Write {limit} or less.",
                limit=f"{room.normalize():f}",
            ),
        )
