"""Who has not ordered, who has not paid, who has not been heard of: silence is not "no need" (FC6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from lastmetre.chain.ledger.models import Balance, Parcel
from lastmetre.chain.ledger.rules import AccountKind, Cause
from lastmetre.chain.orders.models import Contact, Request, Round
from lastmetre.chain.orders.rules import ContactOutcome, RequestState, RoundState
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.places.queries.roster import (
    RosterRow,
    door_page,
    doors_within,
    masked_row,
)
from lastmetre.ground.protection.many import one_of

PAGE = 50
RUNNING = (RoundState.OPEN.value, RoundState.CUT_OFF.value)
RECEIVED = (Cause.DELIVERED.value, Cause.FETCHED.value, Cause.GIVEN.value)


class Quiet(StrEnum):
    """Which silence a list is about."""

    ORDER = "order"
    """Has not ordered in a round that is open."""
    PAY = "pay"
    """Has not paid what is due."""
    WORD = "word"
    """No order, no delivery, no call that was answered for N days."""


@dataclass(frozen=True, slots=True)
class QuietRow:
    """A household of such a list."""

    row: RosterRow
    due_fen: int = 0
    heard_at: datetime | None = None
    """When somebody last spoke with them; None: never, as far as is known."""
    last_tried: ContactOutcome | None = None


@dataclass(frozen=True, slots=True)
class QuietPage:
    """Some rows in the order of the doors, and the cursor that continues; '' at the end."""

    rows: tuple[QuietRow, ...]
    next: str = ""
    previous: str = ""


def latest_round(path: str) -> Round | None:
    """Return the round that takes orders at a place, or at the compound above it; the one closing first."""
    found = Round.objects.filter(Q(path__within=path) | Q(path__above=path), state__in=RUNNING)
    return found.select_related("place").order_by("closes_at").first()


def first_to_close(rounds: Iterable[Round]) -> Round | None:
    """Return the one of some rounds that `latest_round` would find, where they stand by their cut-off; no query."""
    return next((one for one in rounds if one.state in RUNNING), None)


def not_ordered(row: Round, within: str = "") -> QuerySet[Household]:
    """Return the households of a round's compound (or of a part of it) that ask for nothing in it."""
    asked = Request.objects.filter(round=row, household=OuterRef("pk"), state=RequestState.ACTIVE)
    homes = doors_within(row.place).filter(~Exists(asked))
    return homes.filter(path__within=within) if within else homes


def silent(place: Place, days: int, at: datetime) -> QuerySet[Household]:
    """Return the households of a place without order, delivery or answered call for so many days."""
    since = at - timedelta(days=days)
    mine = OuterRef("pk")
    asked = Request.objects.filter(household=mine, state=RequestState.ACTIVE, changed_at__gt=since)
    had = Parcel.objects.filter(household=mine, end_cause__in=RECEIVED, ended_at__gt=since)
    spoken = Contact.objects.filter(household=mine, at__gt=since).exclude(outcome=ContactOutcome.NO_ANSWER)
    return doors_within(place).filter(~Exists(asked), ~Exists(had), ~Exists(spoken))


@dataclass(frozen=True, slots=True)
class Due:
    """What a household has to pay for one round, in fen; more than 0."""

    book: UUID
    household: UUID
    fen: int


def dues_within(path: str) -> list[Due]:
    """Return what the households of a place have to pay, round by round, in all open books; one query."""
    rows = Balance.objects.filter(
        account__kind=AccountKind.DUE,
        product__isnull=True,
        amount__gt=0,
        account__book__closed_at__isnull=True,
        account__path__within=path,
    )
    return [Due(*one) for one in rows.values_list("account__book", "account__owner", "amount")]


def due_within(path: str) -> dict[UUID, int]:
    """Return what the households of a place have to pay, in fen, over all open books; one query."""
    found: dict[UUID, int] = defaultdict(int)
    for due in dues_within(path):
        found[due.household] += due.fen
    return dict(found)


def quiet_page(
    rows: QuerySet[Household], *, due: dict[UUID, int] | None = None, after: str = "", limit: int = PAGE
) -> QuietPage:
    """Return a page of such a list, masked, with the last contact; two queries however many rows."""
    found = rows.filter(one_of("pk", due)) if due is not None else rows
    page = door_page(found, after=after, limit=limit)
    heard, tried = _contacts([one.pk for one in page.homes])
    shown = tuple(
        QuietRow(masked_row(one), (due or {}).get(one.pk, 0), heard.get(one.pk), tried.get(one.pk))
        for one in page.homes
    )
    return QuietPage(shown, page.next)


def _contacts(
    households: Sequence[UUID],
) -> tuple[dict[UUID, datetime], dict[UUID, ContactOutcome]]:
    heard: dict[UUID, datetime] = {}
    tried: dict[UUID, ContactOutcome] = {}
    rows = Contact.objects.filter(household__in=households).order_by("at")
    for household, outcome, at in rows.values_list("household", "outcome", "at"):
        tried[household] = ContactOutcome(outcome)
        if outcome != ContactOutcome.NO_ANSWER:
            heard[household] = at
    return heard, tried


def silent_of(doors: Collection[UUID], days: int, at: datetime) -> set[UUID]:
    """Return which of some doors nobody has heard of for so many days (FC6); one query."""
    since = at - timedelta(days=days)
    mine = OuterRef("pk")
    spoken = Contact.objects.filter(household=mine, at__gt=since).exclude(outcome=ContactOutcome.NO_ANSWER)
    rows = Household.objects.filter(~Exists(spoken), place__in=doors)
    return set(rows.values_list("pk", flat=True))
