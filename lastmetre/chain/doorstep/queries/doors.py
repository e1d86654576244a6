"""Doors by what was scanned, and a volunteer's own cart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from lastmetre.chain.doorstep.models import DoorEvent, Drop, Duty
from lastmetre.chain.doorstep.rules import FAILED, Effect, Outcome
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.parcels import short_code_of
from lastmetre.chain.ledger.rules import ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.rules import PlaceKind
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM, Actor
from lastmetre.ground.protection.many import one_of
from lastmetre.ground.protection.scope import acting_as

HANDED_OUT = (RoundState.ARRIVED, RoundState.DELIVERING, RoundState.SETTLING)


@dataclass(frozen=True, slots=True)
class Door:
    """A household with all its bags in the rounds that are being handed out: one scan closes them all."""

    household: Household
    rounds: tuple[Round, ...]
    """That of the label first."""
    bags: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class DropRow:
    """A door of a cart as its volunteer sees it."""

    household: UUID
    room: str
    floor: int | None
    codes: tuple[str, ...]
    outcome: Outcome | None
    """None: still to do."""
    event: UUID | None
    """What an undo takes back."""


@dataclass(frozen=True, slots=True)
class MyCart:
    """A volunteer's cart: doors in the order of walking, none once the wave has ended."""

    duty: UUID
    wave: UUID
    cart: int
    building: str
    unit: str
    ends_at: datetime
    needs_photo: bool
    drops: tuple[DropRow, ...]

    @property
    def where(self) -> str:
        """Building and unit in short: 3-2."""
        return "-".join(part for part in (self.building, self.unit) if part)

    @property
    def done(self) -> int:
        """Doors that need nobody any more."""
        return sum(1 for one in self.drops if one.outcome is not None)

    @property
    def figure(self) -> str:
        """Doors delivered of all, as pages show it."""
        return f"{self.delivered}/{len(self.drops)}"

    @property
    def delivered(self) -> int:
        """Doors that have their bags."""
        return sum(1 for one in self.drops if one.outcome is Outcome.DELIVERED)


def _within(sees: Sequence[str]) -> Q:
    if EVERYWHERE in sees:
        return Q()
    found = Q(pk__in=[])
    for path in sees:
        found |= Q(path__within=path)
    return found


def door_of(code: str, *, sees: Sequence[str]) -> Door | None:
    """Return the door of a scanned or typed label, or of a household's id; None where it is not here."""
    with acting_as(SYSTEM):
        rounds = list(
            Round.objects.filter(state__in=HANDED_OUT)
            .filter(_above_or_within(sees))
            .select_related("book", "place")
        )
        home, first = _home_of(code, rounds, sees)
        if home is None:
            return None
        here = [one for one in rounds if home.path.startswith(one.path + ".")]
        if not here:
            return None
        here.sort(key=lambda one: one.pk != first)
        books = {one.book_id: one for one in here}
        bags = list(
            Parcel.objects.filter(household=home, book__in=books, kind=ParcelKind.BAG)
            .select_related("account", "household", "book")
            .order_by("ended_at", "number")
        )
        with_bags = {bag.book_id for bag in bags}
        shown = [one for one in here if one.book_id in with_bags] or here[:1]
        return Door(home, tuple(shown), tuple(bags))


def _above_or_within(sees: Sequence[str]) -> Q:
    if EVERYWHERE in sees:
        return Q()
    # Somebody who sees one building scans bags of the compound's round.
    found = _within(sees)
    parts = {".".join(path.split(".")[:size]) for path in sees for size in range(1, path.count(".") + 2)}
    return found | Q(path__in=parts - {""})


def _home_of(code: str, rounds: Sequence[Round], sees: Sequence[str]) -> tuple[Household | None, UUID | None]:
    try:
        wanted = UUID(code)
    except ValueError:
        wanted = None
    if wanted is not None:
        return Household.objects.filter(_within(sees), pk=wanted).select_related("place").first(), None
    for row in rounds:
        short = short_code_of(row.book_id, code)
        if short is None:
            continue
        bag = (
            Parcel.objects.filter(book=row.book_id, code=short, household__isnull=False)
            .select_related("household__place")
            .first()
        )
        if bag is not None and Household.objects.filter(_within(sees), pk=bag.household_id).exists():
            return bag.household, row.pk
    return None, None


def stairs_of_door(door: Place) -> str:
    """Return building and unit of a door, without the door: 9号楼1单元."""
    stairs = door.parent
    if stairs is None:
        return ""
    building = stairs.parent.name if stairs.kind == PlaceKind.UNIT and stairs.parent else ""
    return f"{building}{stairs.name}"


def fallback_round(by: Actor) -> Round | None:
    """Return the round whose books take what a phone brings that belongs to no door: that of its last cart."""
    with acting_as(SYSTEM):
        duty = (
            Duty.objects.filter(person=by.key)
            .select_related("wave__round__book", "wave__round__place")
            .order_by("-given_at")
            .first()
        )
        return duty.wave.round if duty else None


def my_carts(person: str, *, at: datetime) -> list[MyCart]:
    """Return the running carts of a volunteer; addresses end with the wave. Asked as SYSTEM for its holder."""
    with acting_as(SYSTEM):
        duties = list(
            Duty.objects.filter(person=person, wave__ended_at=None, wave__ends_at__gt=at)
            .select_related("wave__round", "unit__parent")
            .order_by("wave__starts_at", "cart")
        )
        return _carts(duties)


def cart_of(duty: Duty) -> MyCart:
    """Return one cart as its holder sees it, for whoever plans the wave."""
    with acting_as(SYSTEM):
        return _carts([duty])[0]


class _Bag(NamedTuple):
    """A bag of a cart, with its door."""

    room: str
    floor: int | None
    code: str


def _carts(duties: Sequence[Duty]) -> list[MyCart]:
    """Gather carts with two queries, and one a round, however many carts and doors."""
    homes: dict[UUID, dict[UUID, list[_Bag]]] = {duty.pk: defaultdict(list) for duty in duties}
    kept = ("parcel__household__place__name", "parcel__household__floor", "parcel__code")
    drops = Drop.objects.filter(duty__in=duties).values_list("duty", "parcel__household", *kept)
    for duty_id, home, *bag in drops:
        homes[duty_id][home].append(_Bag(*bag))
    by_round: dict[UUID, tuple[Round, set[UUID]]] = {}
    for duty in duties:
        _, wanted = by_round.setdefault(duty.wave.round_id, (duty.wave.round, set()))
        wanted.update(homes[duty.pk])
    said = {pk: outcomes_of(row, list(wanted)) for pk, (row, wanted) in by_round.items()}
    return [_cart(duty, homes[duty.pk], said[duty.wave.round_id]) for duty in duties]


def _cart(duty: Duty, homes: Mapping[UUID, Sequence[_Bag]], said: Mapping[UUID, DoorEvent]) -> MyCart:
    unit = duty.unit
    return MyCart(
        duty=duty.pk,
        wave=duty.wave_id,
        cart=duty.cart,
        building=unit.parent.name if unit and unit.parent else "",
        unit=unit.name if unit else "",
        ends_at=duty.wave.ends_at,
        needs_photo=duty.wave.needs_photo,
        drops=tuple(_drop(duty, home, bags, said.get(home)) for home, bags in homes.items()),
    )


def _drop(duty: Duty, home: UUID, bags: Sequence[_Bag], last: DoorEvent | None) -> DropRow:
    if last is not None and is_from_before(last, duty):
        last = None
    return DropRow(
        household=home,
        room=bags[0].room,
        floor=bags[0].floor,
        codes=tuple(one.code for one in bags),
        outcome=Outcome(last.outcome) if last else None,
        event=last.pk if last else None,
    )


def is_from_before(said: DoorEvent, duty: Duty) -> bool:
    """Tell whether a door failed in an earlier wave than this cart's: it is still to do then."""
    begun = min(duty.wave.starts_at, duty.given_at or duty.wave.starts_at)
    return said.outcome in FAILED and said.device_at < begun


def outcomes_of(row: Round, homes: Sequence[UUID]) -> dict[UUID, DoorEvent]:
    """Return the last outcome of each door that stands, deliveries above all; one query."""
    events = list(
        DoorEvent.objects.filter(
            one_of("household__pk", homes), round=row, effect__in=[Effect.DONE, Effect.CONFLICT]
        ).order_by("device_at", "id")
    )
    undone = {one.undoes for one in events if one.undoes}
    found: dict[UUID, DoorEvent] = {}
    for one in events:
        if one.pk in undone or one.outcome in {Outcome.UNDO, Outcome.NEEDS_HELP}:
            continue
        held = found.get(one.household_id)
        if held is None or held.outcome != Outcome.DELIVERED or one.outcome == Outcome.DELIVERED:
            found[one.household_id] = one
    return found
