"""What homes say of money: to pay, not paid, does not balance, to settle with the supplier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from lastmetre.chain.ledger.models import Balance, Case
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.chain.ledger.rules import Permission as Ledger
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.silence import Due
from lastmetre.chain.orders.rules import ROUND_WORDS, PayRule, RoundState
from lastmetre.chain.settlement.models import Claim, Decision
from lastmetre.chain.settlement.rules import ClaimState, DecisionState, Permission, yuan
from lastmetre.ground.people.queries.door import Held
from lastmetre.ground.places.models import Household
from lastmetre.terms import say
from lastmetre.web.homes.home import Way
from lastmetre.web.saying import day_time

MOST = 6
_DONE = (RoundState.ARRIVED, RoundState.DELIVERING, RoundState.SETTLING)


def first_thing(household: Household) -> tuple[Way, ...]:
    """What a household has to pay, or is owed; two queries."""
    dues = Balance.objects.filter(
        account__kind__in=[AccountKind.DUE, AccountKind.PLEDGED],
        account__owner=household.pk,
        product=None,
        account__book__closed_at=None,
    )
    found = dict(dues.exclude(amount=0).values_list("account__book", "amount")[:MOST])
    rounds = Round.objects.filter(book__in=found)
    return tuple(_of_a_bill(row, found[row.book_id], household) for row in rounds)


def _of_a_bill(row: Round, fen: int, household: Household) -> Way:
    address = reverse("settlement:pay", args=[row.pk])
    if fen < 0:
        return Way(
            say("You are owed {yuan} yuan", yuan=yuan(-fen)),
            "coin",
            address,
            detail=row.title,
            state="good",
            words=say("Credit"),
        )
    if row.pay_rule == PayRule.FREE:
        return Way(
            say("Free: a fund pays {yuan} yuan", yuan=yuan(fen)),
            "heart-handshake",
            reverse("settlement:statement", args=[row.pk]),
            detail=row.title,
            state="good",
            words=say("Nothing to pay"),
        )
    until = day_time(row.pay_until)
    is_claimed = Claim.objects.filter(book=row.book_id, household=household, state=ClaimState.OPEN).exists()
    return Way(
        say("To pay: {yuan} yuan", yuan=yuan(fen)),
        "coin",
        address,
        detail=say("{title}, until {until}", title=row.title, until=until) if until else row.title,
        state="wait" if is_claimed else "act",
        words=say("being checked") if is_claimed else say("Pay"),
    )


def confirms(held: Held | None) -> bool:
    """Tell whether a role looks after money."""
    return held is not None and Permission.CONFIRM in held.permissions


def steward(path: str, held: Held | None, running: Sequence[Round], dues: Iterable[Due]) -> tuple[Way, ...]:
    """Who has not paid and what does not balance, running round by round; one query."""
    if held is None or not confirms(held):
        return ()
    owing: dict[UUID, list[int]] = defaultdict(list)
    for due in dues:
        owing[due.book].append(due.fen)
    found: list[Way] = []
    for row in [one for one in running if one.state != RoundState.DRAFT][:MOST]:
        owed = owing[row.book_id]
        if owed:
            found.append(
                Way(
                    say("{count} have not paid: {yuan} yuan", count=len(owed), yuan=yuan(sum(owed))),
                    "coin",
                    reverse("settlement:unpaid", args=[row.pk]),
                    detail=row.title,
                    state="act",
                    words=say("To remind"),
                )
            )
        if row.state in _DONE and Permission.CLOSE in held.permissions:
            found.append(
                Way(
                    say("Does it balance?"),
                    "checklist",
                    reverse("settlement:round", args=[row.pk]),
                    detail=row.title,
                    state="wait",
                    words=ROUND_WORDS[RoundState(row.state)],
                )
            )
    return (*found, *_cases(path, held))


def approvals(path: str, held: Held | None, key: str) -> tuple[Way, ...]:
    """Return the rounds where a decision about money waits for somebody else than who proposed it; one query."""
    if held is None or Permission.CLOSE not in held.permissions:
        return ()
    waiting = Decision.objects.filter(path__within=path, state=DecisionState.PROPOSED, book__closed_at=None)
    rows = (
        waiting.exclude(proposed_by=key).values_list("book__round", "book__title").annotate(count=Count("pk"))
    )
    return tuple(
        Way(
            say("{count} decisions about money wait for you", count=count),
            "coin",
            reverse("settlement:refunds", args=[row]),
            detail=title,
            state="act",
            words=say("To approve"),
        )
        for row, title, count in rows.order_by("book__title")[:MOST]
    )


def _cases(path: str, held: Held) -> tuple[Way, ...]:
    if Ledger.CASES not in held.permissions:
        return ()
    count = Case.objects.filter(path__within=path, settled_at=None).count()
    if not count:
        return ()
    words = say("{count} cases to settle", count=count)
    return (Way(words, "alert-triangle", reverse("ledger:cases"), state="act", words=say("To settle")),)


def supplier(organisation: UUID | None) -> tuple[Way, ...]:
    """The rounds of a supplier whose books are open: what it earned, its bill, its statement; one query."""
    rounds = Round.objects.filter(supplier=organisation, book__closed_at=None).exclude(
        state__in=[RoundState.DRAFT, RoundState.OPEN, RoundState.CUT_OFF, RoundState.CANCELLED]
    )
    return tuple(
        Way(
            say("Bill and statement"),
            "receipt",
            reverse("settlement:supplier", args=[row.pk]),
            detail=row.title,
            state="wait" if row.state in _DONE else "now",
            words=ROUND_WORDS[RoundState(row.state)],
        )
        for row in rounds.order_by("-closes_at")[:MOST]
    )


def auditor() -> tuple[Way, ...]:
    """Where the books are."""
    return (
        Way(say("Every posting"), "list", reverse("ledger:books")),
        Way(say("Balance of the rounds"), "coin", reverse("settlement:rounds")),
        Way(say("Funds and donations"), "heart-handshake", reverse("settlement:funds")),
    )
