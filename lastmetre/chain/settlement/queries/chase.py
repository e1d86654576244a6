"""Who has not paid, who says so, and who can leave the batch (FC2d)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from lastmetre.chain.ledger.models import Account, Balance, Parcel
from lastmetre.chain.ledger.queries.balances import balances
from lastmetre.chain.ledger.rules import AccountKind, ParcelKind
from lastmetre.chain.orders.models import Round
from lastmetre.chain.settlement.models import Claim, Payment
from lastmetre.chain.settlement.rules import ClaimState, yuan
from lastmetre.ground.places.models import Household
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
    """Return a page of who has not paid, in the order of the doors; nine queries at most."""
    return _chase(row, at, door_page(_doors_owing(row), after=after))


def chase(row: Round, at: datetime) -> Chase:
    """Return all who have not paid, in the order of the doors; nine queries at most."""
    return _chase(row, at, DoorPage(tuple(_doors_owing(row))))


def _owing(row: Round) -> QuerySet[Balance]:
    return Balance.objects.filter(
        account__book=row.book_id, account__kind=AccountKind.DUE, product=None, amount__gt=0
    )


def _doors_owing(row: Round) -> QuerySet[Household]:
    return doors_within(row.place).filter(pk__in=_owing(row).values("account__owner"))


def _chase(row: Round, at: datetime, page: DoorPage) -> Chase:
    homes = [home.pk for home in page.homes]
    owing_fen = dict(_owing(row).filter(account__owner__in=homes).values_list("account__owner", "amount"))
    claims: dict[UUID, list[Claim]] = defaultdict(list)
    for one in _claims(row).filter(household__in=homes):
        claims[one.household_id].append(one)
    on_the_way = Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, ended_at=None)
    bags = {bag.household_id: bag for bag in on_the_way.filter(household__in=homes).select_related("account")}
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
    return Chase(owing, is_over=is_over, next=page.next, **_figures(row))


def _figures(row: Round) -> dict[str, Any]:
    """Return how many households of a round have paid or say so, how many have not, and what is open of all."""
    open_ones = Q(balances__product=None, balances__amount__gt=0)
    billed = Account.objects.filter(book=row.book_id, kind=AccountKind.DUE, owner__isnull=False)
    found = billed.aggregate(
        all=Count("owner", distinct=True),
        owing=Count("owner", distinct=True, filter=open_ones),
        fen=Sum("balances__amount", filter=open_ones),
    )
    claimed = _claims(row).filter(household__in=_owing(row).values("account__owner"))
    return {
        "paid": found["all"] - found["owing"],
        "count": found["owing"],
        "total_fen": found["fen"] or 0,
        "claimed": claimed.values("household").distinct().count(),
    }


def _stays(claims: tuple[Claim, ...], bag: Parcel | None) -> Sentence | None:
    if bag is not None and bag.account.kind in ON_THE_WAY:
        return say("Its bag is on the way: it can be taken out where it arrives.")
    if claims:
        return say("It says that it has paid: look at the claim first.")
    return None


def _claims(row: Round) -> QuerySet[Claim]:
    """Return the claims that wait, first to last."""
    return Claim.objects.filter(book=row.book_id, state=ClaimState.OPEN)


def doubts_of(claims: list[Claim], row: Round) -> dict[UUID, tuple[Sentence, ...]]:
    """Return what is odd about claims: a number that somebody else has used too, another amount than is due.

    Three queries at most.
    """
    used: dict[str, set[UUID]] = {one.reference: set() for one in claims if one.reference}
    for one in _claims(row) if used else ():
        if one.reference in used:
            used[one.reference].add(one.household_id)
    for reference, household in _confirmed(row) if used else ():
        for known in used:
            if reference.endswith(known):
                used[known].add(household)
    homes = {one.household_id for one in claims}
    dues = {one.owner: one.amount for one in balances(row.book, AccountKind.DUE, owners=homes)}
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
