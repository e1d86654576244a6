"""What comes next in a round, from page to page: one clear step first, and what can be done beside it.

The apps of the relay do not know the later ones; this catalogue does, and the round's page shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from lastmetre.chain.allocation.rules import Permission as Allocation
from lastmetre.chain.doorstep.rules import Permission as Doorstep
from lastmetre.chain.gate.rules import Permission as Gate
from lastmetre.chain.orders.actions.intake import open_doubts
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import PayRule, RoundState
from lastmetre.chain.orders.rules import Permission as Orders
from lastmetre.chain.purchase.rules import Permission as Purchase
from lastmetre.chain.settlement.rules import Permission as Settlement
from lastmetre.chain.sorting.rules import Permission as Sorting
from lastmetre.chain.transport.rules import Permission as Transport
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import Actor, ActorKind, is_within
from lastmetre.terms import Sentence, say


@dataclass(frozen=True, slots=True)
class Step:
    """A page of a round where something is to be done."""

    label: Sentence
    icon: str
    view: str
    """Name of an address with the round's id as its only argument."""
    needs: str
    """The permission."""
    partly: bool = False
    """Whether who has it for a building of the round may go there too."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a state of a round asks for."""

    words: Sentence
    """What happens now, and who does it."""
    first: Step | None = None
    beside: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A step that somebody may take."""

    label: Sentence
    icon: str
    address: str


@dataclass(frozen=True, slots=True)
class Next:
    """What somebody may do now in a round."""

    words: Sentence
    first: Link | None
    beside: tuple[Link, ...]


INTAKE = Step(say("Orders to take in"), "clipboard-list", "orders:intake", Orders.TAKE, partly=True)
NOTICE = Step(say("Notice for the group"), "send", "orders:notice", Orders.ROUNDS)
LATE = Step(say("Who came late"), "clock", "orders:late", Orders.TAKE, partly=True)
SHARE_OUT = Step(say("Share out"), "list-check", "allocation:sharing", Allocation.DECIDE)
SHARES = Step(say("Who gets what"), "list-check", "allocation:sharing", Allocation.DECIDE)
PUBLISHED = Step(say("The list to hang up"), "file-text", "allocation:list", Orders.TAKE, partly=True)
UNPAID = Step(say("Who has not paid"), "coin", "settlement:unpaid", Settlement.CONFIRM, partly=True)
ORDER = Step(say("Order from the supplier"), "shopping-cart", "purchase:round", Purchase.ORDER)
ORDERED = Step(say("How far the supplier is"), "building-store", "purchase:round", Purchase.ORDER)
PAPERS = Step(say("Labels and lists"), "printer", "printing:papers", Orders.ROUNDS)
VEHICLE = Step(say("Which vehicle brings it"), "truck", "transport:round", Transport.DISPATCH)
GATE = Step(say("Take it in at the gate"), "package-import", "gate:round", Gate.RECEIVE)
ARRIVAL = Step(say("What came to the gate"), "package-import", "gate:round", Gate.RECEIVE)
SORT = Step(say("Sort into carts"), "scan", "sorting:round", Sorting.SORT)
WAVES = Step(say("Who takes which cart"), "walk", "doorstep:round", Doorstep.PLAN)
FUND = Step(say("Let a fund pay"), "heart-handshake", "settlement:unpaid", Settlement.CLOSE)
BOOKS = Step(say("Does it balance?"), "checklist", "settlement:round", Settlement.CONFIRM)

STAGES: Mapping[RoundState, Stage] = {
    RoundState.DRAFT: Stage(say("Nobody can order yet: open the round.")),
    RoundState.OPEN: Stage(
        say("Orders come in until the cut-off. Ring who has not ordered."), INTAKE, (NOTICE,)
    ),
    RoundState.CUT_OFF: Stage(
        say("Now what there is is shared out, so that every household knows what it gets."),
        SHARE_OUT,
        (LATE, INTAKE),
    ),
    RoundState.ALLOCATED: Stage(
        say("Every household knows what it gets. Now the order goes to the supplier."),
        ORDER,
        (SHARES, PUBLISHED, PAPERS),
    ),
    RoundState.ORDERED: Stage(
        say("The supplier packs a bag for each household. Nothing to do but wait."),
        ORDERED,
        (SHARES, PUBLISHED, PAPERS),
    ),
    RoundState.PACKED: Stage(
        say("The bags are packed and wait for the vehicle."), VEHICLE, (GATE, SHARES, PAPERS)
    ),
    RoundState.UNDERWAY: Stage(say("The goods are on their way to the gate."), GATE, (VEHICLE, SHARES)),
    RoundState.ARRIVED: Stage(
        say("The goods are at the gate: sort them into carts."), SORT, (WAVES, ARRIVAL, PAPERS)
    ),
    RoundState.DELIVERING: Stage(say("The carts go from door to door."), WAVES, (SORT, ARRIVAL, BOOKS)),
    RoundState.SETTLING: Stage(say("Every bag has ended. Settle what is open, then close the books."), BOOKS),
    RoundState.CLOSED: Stage(say("The books are closed: all of it balances."), None, (BOOKS,)),
    RoundState.CANCELLED: Stage(say("The round was cancelled. Nothing has to be paid for it.")),
}
PAID_AFTER = frozenset(
    {RoundState.PACKED, RoundState.UNDERWAY, RoundState.ARRIVED, RoundState.DELIVERING, RoundState.SETTLING}
)
PAID_WHEN: Mapping[PayRule, frozenset[RoundState]] = {
    PayRule.FREE: PAID_AFTER,
    PayRule.AFTER_PACKING: PAID_AFTER,
    PayRule.BEFORE_PACKING: PAID_AFTER | {RoundState.ALLOCATED, RoundState.ORDERED},
}
"""When money is asked for by a rule (FC2c): of households, or of a fund (QZ7)."""


def next_of(row: Round, actor: Actor) -> Next:
    """Return what somebody may do now in a round, the one step that comes first apart; one query at most."""
    state = RoundState(row.state)
    stage = STAGES[state]
    first = _link(stage.first, row, actor) if stage.first else None
    rule = PayRule(row.pay_rule)
    money = FUND if rule is PayRule.FREE else UNPAID
    beside = [*stage.beside, *([money] if state in PAID_WHEN[rule] else [])]
    links = [found for step in beside if (found := _link(step, row, actor))]
    words = stage.words
    if state in (RoundState.OPEN, RoundState.CUT_OFF) and actor.may(Orders.TAKE, path=row.path):
        if state is RoundState.OPEN:
            links.append(_silent(row))
        if doubts := open_doubts(row):
            links = [*([first] if first else []), *links]
            first = _review(row, doubts)
            words = say("Some orders could not be understood. Look at them first.")
    return Next(words, first, tuple(links))


def _link(step: Step, row: Round, actor: Actor) -> Link | None:
    if not (actor.may(step.needs, path=row.path) or (step.partly and _may_partly(step.needs, row, actor))):
        return None
    return Link(step.label, step.icon, reverse(step.view, args=[row.pk]))


def _may_partly(needs: str, row: Round, actor: Actor) -> bool:
    return any(
        needs in grant.permissions and grant.path is not None and is_within(grant.path, row.path)
        for grant in actor.grants
    )


def ways_of(household: Household, actor: Actor) -> tuple[Link, ...]:
    """Return what somebody may do for a household: order for it, see what it gets; no query."""
    is_own = actor.kind is ActorKind.HOUSEHOLD and actor.key == str(household.pk)
    if not is_own and not actor.may(Orders.TAKE, path=household.path):
        return ()
    gets = reverse("allocation:household", args=[household.pk])
    if is_own:
        return (
            Link(say("My orders"), "shopping-cart", reverse("orders:mine")),
            Link(say("What we get"), "package", gets),
        )
    return (
        Link(say("Order for them"), "shopping-cart", reverse("orders:for", args=[household.pk])),
        Link(say("What they get"), "package", gets),
    )


def ways_of_order(row: Round, household: Household, actor: Actor) -> tuple[Link, ...]:
    """Return what can be said of an order beside its quantities; no query."""
    is_own = actor.kind is ActorKind.HOUSEHOLD
    address = (
        reverse("allocation:willing", args=[row.pk])
        if is_own
        else reverse("allocation:willing-for", args=[row.pk, household.pk])
    )
    return (Link(say("If something runs out"), "adjustments", address),)


def _silent(row: Round) -> Link:
    address = reverse("orders:silence", args=[row.place_id]) + "?of=order"
    return Link(say("Who has not ordered"), "phone-call", address)


def _review(row: Round, doubts: int) -> Link:
    return Link(
        say("Settle {count} doubts", count=doubts), "list-check", reverse("orders:review", args=[row.pk])
    )
