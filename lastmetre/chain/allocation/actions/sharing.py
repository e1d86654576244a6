"""Sharing out a round at the cut-off, undoing it, and overriding a share with a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from lastmetre import __version__
from lastmetre.chain.allocation.actions.promising import (
    Change,
    bill_lines,
    promise_lines,
    reversal_lines,
    unsold_lines,
)
from lastmetre.chain.allocation.models import Allocation, CaseOrder, Credit, Share
from lastmetre.chain.allocation.queries.gathering import Gathered, gather
from lastmetre.chain.allocation.queries.planning import Given, ItemPlan, RoundPlan, plan_round
from lastmetre.chain.allocation.queries.shares import allocation_of
from lastmetre.chain.allocation.rules import Permission
from lastmetre.chain.ledger.actions.posting import check_open, post
from lastmetre.chain.ledger.rules import Cause
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.actions.rounds import advance
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.notice_rules import NoticeKind, kept
from lastmetre.chain.orders.rules import RoundState, check_move
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.planning.cases import NEAREST
from lastmetre.terms import InputError, say

ALLOCATION = "allocation.allocation"
BATCH = 2000


def allocate(
    row: Round, *, by: Actor, at: datetime, seed: int = 0, last_case: Fraction = NEAREST
) -> Allocation:
    """Share out a round that is cut off: shares with reasons, promises and bills (CUT_OFF to ALLOCATED).

    `last_case` is the part of a last case that must be wanted for it to be ordered. A round that is shared out
    already stays as it is: a second tap gets the same answer.
    """
    by.must(Permission.DECIDE, path=row.path)
    if not 0 <= seed < 2**32:
        raise InputError(
            say("The lot has no such number."), remedy=say("Give 0 or a number below 4294967296.")
        )
    with acting_as(SYSTEM):
        held = locked_round(row.pk)
        if (known := allocation_of(held)) is not None:
            return known
        check_move(RoundState(held.state), RoundState.ALLOCATED)
        check_open(held.book)
        plan = plan_round(gather(held, at), seed=seed, last_case=last_case)
        allocation = _written(plan, by=by, at=at)
        _promise(plan, allocation, by=by, at=at)
        _carry(plan, at=at)
        advance(held, RoundState.ALLOCATED, by=by, at=at)
        short = _tell(plan, by=by, at=at)
        record(
            *("shared out", ALLOCATION, allocation.pk),
            by=by,
            at=at,
            path=held.path,
            households=len(plan.gathered.requests),
            short=short,
            seed=seed,
        )
    return allocation


def undo_allocation(row: Round, *, by: Actor, at: datetime) -> Round:
    """Take a sharing back while nothing was ordered: promises, bills and credits are as before it."""
    by.must(Permission.DECIDE, path=row.path)
    with acting_as(SYSTEM):
        held = locked_round(row.pk)
        allocation = allocation_of(held)
        if allocation is None:
            return held
        check_move(RoundState(held.state), RoundState.CUT_OFF)
        lines = reversal_lines(held.book, allocation.pk)
        if lines:
            post(held.book, lines, cause=Cause.CORRECTED, by=by, at=at, thing=allocation.pk)
        _give_back_credits(allocation)
        allocation.undone_at, allocation.undone_by = at, by.key
        allocation.save(update_fields=["undone_at", "undone_by"])
        held = advance(held, RoundState.CUT_OFF, by=by, at=at)
        record("took back", ALLOCATION, allocation.pk, by=by, at=at, path=held.path)
    return held


def locked_round(pk: UUID) -> Round:
    """Return a round, held until the end of the transaction; within SYSTEM."""
    return (
        Round.objects.select_for_update(of=("self",)).select_related("book", "place", "supplier").get(pk=pk)
    )


def _written(plan: RoundPlan, *, by: Actor, at: datetime) -> Allocation:
    gathered, row = plan.gathered, plan.gathered.round
    allocation = Allocation(
        round=row,
        place_id=row.place_id,
        path=row.path,
        at=at,
        by=by.key,
        seed=plan.seed,
        version=__version__,
        rule={**gathered.rule.data(), "last_case": str(plan.last_case)},
    )
    allocation.save(force_insert=True)
    shares = [_share(allocation, gathered, item, given) for item in plan.items for given in item.given]
    Share.objects.bulk_create(shares, batch_size=BATCH)
    CaseOrder.objects.bulk_create([_case_order(allocation, one) for one in plan.items])
    return allocation


def _share(allocation: Allocation, gathered: Gathered, plan: ItemPlan, given: Given) -> Share:
    request = gathered.requests[given.request]
    return Share(
        allocation=allocation,
        request=request,
        place_id=request.place_id,
        path=request.path,
        item=plan.item,
        substitute_for_id=given.substitute_for,
        asked=given.asked,
        planned=given.got,
        got=given.got,
        weight=given.weight,
        reason=kept(given.reason),
        credit_before=given.credit_before,
        credit_after=given.credit_after,
    )


def _case_order(allocation: Allocation, plan: ItemPlan) -> CaseOrder:
    supply, level = plan.supply, plan.level
    return CaseOrder(
        allocation=allocation,
        item=plan.item,
        stock=supply.stock,
        wanted=plan.wanted,
        handed=supply.handed,
        level_numerator=None if level is None else level.numerator,
        level_denominator=None if level is None else level.denominator,
        case_size=supply.case_size,
        cases=supply.cases,
        spare=supply.spare,
        sentence=kept(plan.sentence),
    )


def _promise(plan: RoundPlan, allocation: Allocation, *, by: Actor, at: datetime) -> None:
    gathered = plan.gathered
    got: dict[tuple[int, UUID], Decimal] = defaultdict(Decimal)
    promised: dict[tuple[int, UUID], Decimal] = defaultdict(Decimal)
    prices = {item.product_id: item.price_fen for item in gathered.items}
    for one in plan.items:
        for given in one.given:
            key = given.request, one.item.product_id
            got[key] += given.got
            if one.item.is_first_come and given.substitute_for is None:
                promised[key] += given.got  # STOCK to OWED when it was ordered
    homes = [request.household for request in gathered.requests]
    changes = [
        Change(homes[request], product, prices[product], promised[request, product], units)
        for (request, product), units in got.items()
    ]
    bills = [Change(one.household, one.product, one.price_fen, Decimal(0), one.after) for one in changes]
    book, thing = gathered.round.book, allocation.pk
    if lines := unsold_lines(gathered.on_sale) + promise_lines(changes):
        post(book, lines, cause=Cause.ALLOCATED, by=by, at=at, thing=thing)
    if lines := bill_lines(bills):
        post(book, lines, cause=Cause.PRICED, by=by, at=at, thing=thing)


def _carry(plan: RoundPlan, *, at: datetime) -> None:
    """Write the credits for the next round; most households have none, and keep none."""
    gathered = plan.gathered
    rows = [
        Credit(
            id=new_id(),
            household=gathered.requests[given.request].household,
            place_id=gathered.requests[given.request].place_id,
            path=gathered.requests[given.request].path,
            product_id=one.item.product_id,
            carried=given.credit_after,
        )
        for one in plan.items
        for given in one.given
        if given.credit_after != given.credit_before
    ]
    keep_credits(rows)


def keep_credits(rows: Sequence[Credit]) -> None:
    """Write credits over those that are there; within SYSTEM."""
    Credit.objects.bulk_create(
        sorted(rows, key=lambda row: (row.household_id, row.product_id)),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["household", "product"],
        update_fields=["carried"],
    )


def _give_back_credits(allocation: Allocation) -> None:
    changed = {
        (share.request.household_id, share.item.product_id): share.credit_after - share.credit_before
        for share in allocation.shares.select_related("request", "item")
        if share.credit_after != share.credit_before
    }
    held = Credit.objects.select_for_update().filter(
        household__in={home for home, _ in changed}, product__in={product for _, product in changed}
    )
    rows = [row for row in held.order_by("pk") if (row.household_id, row.product_id) in changed]
    for row in rows:
        row.carried -= changed[row.household_id, row.product_id]
    Credit.objects.bulk_update(rows, ["carried"], batch_size=BATCH)


def _tell(plan: RoundPlan, *, by: Actor, at: datetime) -> int:
    """Tell those who do not get all they asked for; who gets all reads it on the bill. Returns how many."""
    short = Counter(
        given.request
        for one in plan.items
        for given in one.given
        if given.substitute_for is None and given.got < given.asked
    )
    row = plan.gathered.round
    notify(
        NoticeKind.SHARED,
        sentence=say(
            "{title} has been shared out. There was not enough of everything: your page says what you get, and why.",
            title=row.title,
        ),
        places=[plan.gathered.requests[one].household.place for one in short],
        by=by,
        at=at,
        row=row,
    )
    return len(short)
