"""What holds for rounds and requests whatever the database says: states, quotas, limits. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from lastmetre.ground.goods.rules import ServiceMode
from lastmetre.terms import InputError, Sentence, say


class Permission(StrEnum):
    """What a role may be allowed to do."""

    ROUNDS = "orders.rounds"
    """Open, change and close rounds."""
    TAKE = "orders.take"
    """Enter what households ask for, from any channel."""


class RoundState(StrEnum):
    """How far a round is."""

    DRAFT = "draft"
    OPEN = "open"
    CUT_OFF = "cut_off"
    """No more orders: waits to be shared out."""
    ALLOCATED = "allocated"
    ORDERED = "ordered"
    """The supplier has the order."""
    PACKED = "packed"
    UNDERWAY = "underway"
    ARRIVED = "arrived"
    DELIVERING = "delivering"
    SETTLING = "settling"
    """Every bag has ended; money and differences are being settled."""
    CLOSED = "closed"
    CANCELLED = "cancelled"


MOVES: Mapping[RoundState, frozenset[RoundState]] = {
    RoundState.DRAFT: frozenset({RoundState.OPEN, RoundState.CANCELLED}),
    RoundState.OPEN: frozenset({RoundState.CUT_OFF, RoundState.CANCELLED}),
    RoundState.CUT_OFF: frozenset({RoundState.OPEN, RoundState.ALLOCATED, RoundState.CANCELLED}),
    RoundState.ALLOCATED: frozenset({RoundState.CUT_OFF, RoundState.ORDERED, RoundState.CANCELLED}),
    # A supplier that fails after this point ends every bag with its cause; the money is settled.
    RoundState.ORDERED: frozenset({RoundState.PACKED, RoundState.SETTLING}),
    # Packed by a slip: back with the supplier, while no vehicle has anything of it.
    RoundState.PACKED: frozenset(
        {RoundState.ORDERED, RoundState.UNDERWAY, RoundState.ARRIVED, RoundState.SETTLING}
    ),
    RoundState.UNDERWAY: frozenset({RoundState.ARRIVED, RoundState.SETTLING}),
    RoundState.ARRIVED: frozenset({RoundState.DELIVERING, RoundState.SETTLING}),
    RoundState.DELIVERING: frozenset({RoundState.SETTLING}),
    # A pickup that ended by a slip is opened again: its bags are handed out after all.
    RoundState.SETTLING: frozenset({RoundState.DELIVERING, RoundState.CLOSED}),
    RoundState.CLOSED: frozenset(),
    RoundState.CANCELLED: frozenset(),
}
ROUND_WORDS: dict[RoundState, Sentence] = {
    RoundState.DRAFT: say("being prepared"),
    RoundState.OPEN: say("open for orders"),
    RoundState.CUT_OFF: say("cut off"),
    RoundState.ALLOCATED: say("shared out"),
    RoundState.ORDERED: say("with the supplier"),
    RoundState.PACKED: say("packed"),
    RoundState.UNDERWAY: say("on its way"),
    RoundState.ARRIVED: say("at the gate"),
    RoundState.DELIVERING: say("being handed out"),
    RoundState.SETTLING: say("being settled"),
    RoundState.CLOSED: say("books closed"),
    RoundState.CANCELLED: say("cancelled"),
}

STEPS: tuple[RoundState, ...] = (
    *(RoundState.OPEN, RoundState.CUT_OFF, RoundState.ALLOCATED, RoundState.ORDERED, RoundState.PACKED),
    *(RoundState.UNDERWAY, RoundState.ARRIVED, RoundState.DELIVERING, RoundState.SETTLING),
    RoundState.CLOSED,
)
"""The way of a round that goes well."""


def can_move(before: RoundState, after: RoundState) -> bool:
    """Tell whether a round may go from one state to another."""
    return after in MOVES[before]


def check_move(before: RoundState, after: RoundState) -> None:
    """Raise InputError where `can_move` says no."""
    if not can_move(before, after):
        raise InputError(
            say(
                "The round is {before}: it cannot become “{after}” now.",
                before=ROUND_WORDS[before],
                after=ROUND_WORDS[after],
            ),
            remedy=say("Open the round's page: it says what comes next."),
        )


class Mode(StrEnum):
    """How goods come from the supplier (FC2, FC3, FC4, QZ15a, YC3)."""

    SHOP = "shop"
    """Mode A: one shop packs a bag a household."""
    PLATFORM = "platform"
    """Mode B: a platform's own link for each compound; its export is merged (FC3)."""
    BOXES = "boxes"
    """Mode C: a box a compound, fetched by the community's vehicle (FC4)."""
    CLOSED_RELAY = "closed_relay"
    """The building head counts and hands out; bought as one (QZ15a)."""
    CHAIN = "chain"
    """Several platforms' goods, sorted at one gate (YC3)."""


MODE_OF: Mapping[str, Mode] = {
    ServiceMode.PROPERTY.value: Mode.CLOSED_RELAY,
    ServiceMode.PLATFORM.value: Mode.PLATFORM,
    ServiceMode.FETCHED.value: Mode.BOXES,
}
"""How a round goes, by the way its supplier serves the place; all others pack a bag a household."""


class PayRule(StrEnum):
    """When households pay."""

    AFTER_PACKING = "after_packing"
    """FC2c: the shop packs, then the amount and a photo are shown."""
    BEFORE_PACKING = "before_packing"
    FREE = "free"
    """A fund or donation pays (QZ7)."""


PAY_WORDS: dict[PayRule, Sentence] = {
    PayRule.AFTER_PACKING: say("After packing, when the amount is certain"),
    PayRule.BEFORE_PACKING: say("Before packing"),
    PayRule.FREE: say("Nothing: a fund or donation pays"),
}


class Channel(StrEnum):
    """Where a request came from; all land on one household and one quota (house law 4)."""

    PAGE = "page"
    CHAT = "chat"
    WORKBOOK = "workbook"
    PHONE = "phone"
    DOOR = "door"
    PAPER = "paper"
    API = "api"


CHANNEL_WORDS: dict[Channel, Sentence] = {
    Channel.PAGE: say("own page"),
    Channel.CHAT: say("chat"),
    Channel.WORKBOOK: say("workbook"),
    Channel.PHONE: say("telephone"),
    Channel.DOOR: say("at the door"),
    Channel.PAPER: say("on paper"),
    Channel.API: say("program"),
}


class RequestState(StrEnum):
    """Whether a household's request counts."""

    ACTIVE = "active"
    CANCELLED = "cancelled"


class MessageState(StrEnum):
    """What became of something that was read."""

    CLEAR = "clear"
    """Understood without doubt, and entered."""
    DOUBT = "doubt"
    """Waits for a person."""
    SETTLED = "settled"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"
    """A later copy of the chain replaced it."""


class ContactOutcome(StrEnum):
    """What came of a call or knock: silence is not "no need"."""

    FINE = "fine"
    """Has enough."""
    ORDERED = "ordered"
    NO_ANSWER = "no_answer"
    NEEDS_HELP = "needs_help"


CONTACT_WORDS: dict[ContactOutcome, Sentence] = {
    ContactOutcome.FINE: say("has enough"),
    ContactOutcome.ORDERED: say("ordered"),
    ContactOutcome.NO_ANSWER: say("no answer"),
    ContactOutcome.NEEDS_HELP: say("needs help"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """When a round takes orders."""

    state: RoundState
    opens_at: datetime
    closes_at: datetime


def check_window(window: Window, *, at: datetime, may_be_late: bool) -> bool:
    """Return whether a request is late; raises InputError where it cannot be taken any more.

    After the cut-off, whoever takes orders for others may put a household on the late list until the round is
    shared out; the household itself may not.
    """
    if window.state is RoundState.OPEN and window.opens_at <= at < window.closes_at:
        return False
    if window.state in (RoundState.OPEN, RoundState.CUT_OFF) and at >= window.opens_at and may_be_late:
        return True
    if at < window.opens_at or window.state is RoundState.DRAFT:
        raise InputError(
            say("This round is not open yet."),
            remedy=say("It opens at {time}.", time=f"{window.opens_at.astimezone():%m-%d %H:%M}"),
        )
    raise InputError(
        say("This round has been cut off."),
        remedy=say("Ring your building head: there is a late list until the round is shared out."),
    )


def check_quota(last_asked_at: datetime | None, *, every_days: int | None, at: datetime) -> None:
    """Raise InputError where a household asked in another round too short a time ago (FC5)."""
    if not every_days or last_asked_at is None:
        return
    again = last_asked_at + timedelta(days=every_days)
    # Days are counted by the calendar: who asked on Monday evening may ask on Thursday morning (FC5: 3 days).
    if at.astimezone().date() < again.astimezone().date():
        raise InputError(
            say("Each household asks once every {days} days.", days=every_days),
            remedy=say(
                "Your next turn is on {day}. If something is missing that cannot wait, ring your building head.",
                day=f"{again.astimezone():%m-%d}",
            ),
        )


def check_quantity(quantity: Decimal, *, step: Decimal, limit: int | None, name: str, unit: str) -> Decimal:
    """Return a quantity that can be ordered; raises InputError where it is none, too fine or over the limit (PD8)."""
    if not quantity.is_finite() or quantity <= 0 or quantity > MOST:
        raise InputError(
            say("{name}: “{quantity}” is no quantity.", name=name, quantity=str(quantity)[:20]),
            remedy=say("Write a number such as 1 or 2."),
        )
    if quantity % step:
        raise InputError(
            say("{name} is sold by {step} {unit}.", name=name, step=f"{step.normalize():f}", unit=unit),
            remedy=say("Write a multiple of that."),
        )
    if limit is not None and quantity > limit:
        raise InputError(
            say("{name}: {limit} {unit} a household at most.", name=name, limit=limit, unit=unit),
            remedy=say("The limit lets the goods reach more doors. Write {limit} or less.", limit=limit),
        )
    return quantity


MOST = Decimal(10_000)
"""Sale units that anybody can ask for at once: what lies above is a slip of the keys."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What a compound can carry (house law 7)."""

    people: int | None
    doors_per_hour: int
    wave_minutes: int = 180
    """planning.cart_terms.Team: one wave."""

    @property
    def doors_per_wave(self) -> int | None:
        """Doors that can be served in a wave; None where nobody said how many people there are."""
        if self.people is None:
            return None
        return self.people * self.doors_per_hour * self.wave_minutes // 60


def load(orders: int, hands: Hands) -> Sentence:
    """Say whether the hands of a wave carry so many orders."""
    doors = hands.doors_per_wave
    if doors is None:
        return say("Nobody has said how many people carry: enter it on the compound's page.")
    if orders <= doors:
        return say(
            "{orders} orders; {people} people carry {doors} doors in a wave: it fits.",
            orders=orders,
            people=hands.people,
            doors=doors,
        )
    waves = -(-orders // max(doors, 1))
    return say(
        "{orders} orders are more than {people} people carry in a wave ({doors} doors): {waves} waves, or more"
        " hands.",
        orders=orders,
        people=hands.people,
        doors=doors,
        waves=waves,
    )
