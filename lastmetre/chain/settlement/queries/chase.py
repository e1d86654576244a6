"""Who has not paid, who says so, and who can leave the batch (FC2d)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.models import Account, Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.models import Claim, Payment
from lastmetre.chain.settlement.rules import ClaimState, yuan
from lastmetre.ground.places.queries.roster import DoorPage, RosterRow, door_page, doors_within, masked_row
from lastmetre.terms import Sentence, say

ON_THE_WAY = (AccountKind.VEHICLE, AccountKind.CART)


@dataclass(frozen=True, slots=True)
class Owing:
    """A household that has not paid."""

    home: RosterRow
    due_fen: int
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Sentence, ...] = ()
    """What is odd about its claims."""
    bag: Parcel | None = None
    stays: Sentence | None = None
    """Why it does not leave the batch by itself now."""


@dataclass(frozen=True, slots=True)
class Chase:
    """The list of a round, or a page of it; the figures are those of the whole."""

    owing: tuple[Owing, ...]
    paid: int
    """Households that owe nothing."""
    total_fen: int
    is_over: bool
    """The time to pay is over."""
    claimed: int = 0
    count: int = 0
    """Households that have not paid."""
    next: str = ""
    """The cursor that continues; '' at the end."""
    previous: str = ""


def chase_page(row: Round, at: datetime, after: str = "") -> Chase:
    """Return a page of who has not paid, in the order of the doors; seven queries however many."""
    return _chase(row, at, door_page(doors_within(row.place).filter(pk__in=_owing_fen(row)), after=after))


def chase(row: Round, at: datetime) -> Chase:
    """Return all who have not paid, in the order of the doors; six queries however many."""
    return _chase(row, at, DoorPage(tuple(doors_within(row.place).filter(pk__in=_owing_fen(row)))))


def _owing_fen(row: Round) -> dict[UUID, int]:
    return {home: fen for home, fen in due_by_household(row.book).items() if fen > 0}


def _chase(row: Round, at: datetime, page: DoorPage) -> Chase:
    owing_fen = _owing_fen(row)
    billed = _billed(row)
    claims: dict[UUID, list[Claim]] = defaultdict(list)
    for one in claims_of(row):
        claims[one.household_id].append(one)
    on_the_way = Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None)
    bags = {
        bag.household_id: bag for bag in on_the_way.filter(household__in=page.homes).select_related("account")
    }
    doubts = doubts_of([one for found in claims.values() for one in found], row)
    owing = tuple(
        Owing(
            masked_row(home),
            owing_fen[home.pk],
            found := tuple(claims[home.pk]),
            tuple(doubt for one in found for doubt in doubts.get(one.pk, ())),
            bags.get(home.pk),
            _stays(found, bags.get(home.pk)),
        )
        for home in page.homes
    )
    is_over = row.pay_until is not None and at >= row.pay_until
    return Chase(
        owing,
        len(billed - owing_fen.keys()),
        sum(owing_fen.values()),
        is_over,
        claimed=sum(1 for home, found in claims.items() if found and home in owing_fen),
        count=len(owing_fen),
        next=page.next,
    )


def _stays(claims: tuple[Claim, ...], bag: Parcel | None) -> Sentence | None:
    if bag is not None and bag.account.kind in ON_THE_WAY:
        return say("Its bag is on the way: it can be taken out where it arrives.")
    if claims:
        return say("It says that it has paid: look at the claim first.")
    return None


def _billed(row: Round) -> set[UUID]:
    rows = Account.objects.filter(book=row.book_id, kind=AccountKind.DUE).values_list("owner", flat=True)
    return {one for one in rows if one}


def claims_of(row: Round) -> list[Claim]:
    """Return the claims that wait, first to last; one query."""
    rows = Claim.objects.filter(book=row.book_id, state=ClaimState.OPEN)
    return list(rows.select_related("household__place__parent__parent"))


def doubts_of(claims: list[Claim], row: Round) -> dict[UUID, tuple[Sentence, ...]]:
    """Return what is odd about claims: a number that somebody else has used too, another amount than is due."""
    used: dict[str, set[UUID]] = {}
    for one in claims:
        if one.reference:
            used.setdefault(one.reference, set()).add(one.household_id)
    for reference, household in _confirmed(row):
        for known in used:
            if reference.endswith(known):
                used[known].add(household)
    dues = due_by_household(row.book)
    found: dict[UUID, tuple[Sentence, ...]] = {}
    for one in claims:
        said = []
        others = used.get(one.reference or "", set()) - {one.household_id}
        if others:
            said.append(say("The same transaction number was claimed by another household."))
        if one.amount_fen != dues.get(one.household_id, 0):
            said.append(say("The amount is not what is due."))
        if not one.reference:
            said.append(say("No transaction number was given."))
        found[one.pk] = tuple(said)
    return found


def _confirmed(row: Round) -> list[tuple[str, UUID]]:
    payments = Payment.objects.filter(book=row.book_id, reversed_at=None)
    return [(one.reference, one.household_id) for one in payments if one.reference]


def reminder(row: Round, fen: int, link: str) -> Sentence:
    """Return the notice that the liaison copies to the group or sends to one household."""
    if row.pay_until is None:
        return say("“{title}”: please pay {yuan} yuan. {link}", title=row.title, yuan=yuan(fen), link=link)
    until = f"{row.pay_until.astimezone():%m-%d %H:%M}"
    return say(
        "“{title}”: please pay {yuan} yuan until {until}; after that the bag leaves this batch. {link}",
        title=row.title,
        yuan=yuan(fen),
        until=until,
        link=link,
    )
