"""After ordering: the supplier brings less of a good, or brings another in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import numpy as np

from lastmetre.chain.allocation.actions.overriding import (
    keep_supply,
    order_of,
    packed,
    revise,
    shares_locked,
)
from lastmetre.chain.allocation.actions.sharing import keep_credits, locked_round
from lastmetre.chain.allocation.models import Allocation, CaseOrder, Credit, Share
from lastmetre.chain.allocation.queries.shares import allocation_of
from lastmetre.chain.allocation.rules import CAN_CUT, Supply, check_state
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.rules import CAUSE_WORDS, Cause, ParcelKind
from lastmetre.chain.orders.actions.notices import notify
from lastmetre.chain.orders.models import RequestLine, Round, RoundItem
from lastmetre.chain.orders.notice_rules import NoticeKind, kept
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.goods.models import Product
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.planning import goods
from lastmetre.terms import InputError, say

ALLOCATION = "allocation.allocation"


def cut_item(
    row: Round, product: Product, available: Decimal, *, cause: Cause, by: Actor, at: datetime
) -> list[Share]:
    """Share a good again among those promised it, by the same rule, as no more than `available` comes.

    Promises and bills go down with the cause; what is packed already stays with its household. The caller has
    checked what the actor may do. Returns the shares that changed; enough for all changes nothing.
    """
    if not available.is_finite() or available < 0:
        raise InputError(say("How many are there?"), remedy=say("Write 0 or more."))
    with acting_as(SYSTEM):
        held = locked_round(row.pk)
        check_state(RoundState(held.state), CAN_CUT)
        shares = list(shares_locked(held).filter(item__product=product, got__gt=0))
        promised = sum((share.got for share in shares), Decimal(0))
        if not shares or available >= promised:
            return []
        in_bags = packed(held.book, product.pk)
        after = _shared_again(shares, available, in_bags)
        changed = {share: got for share, got in after.items() if got != share.got}
        before = {share: share.got for share in changed}
        revise(held, changed, cause, "", by=by, at=at)
        order = order_of(held, shares[0].item)
        handed = sum((share.got for share in shares), Decimal(0))
        cases = int(available // order.case_size) if order.case_size else 0
        spare = max(available - handed, Decimal(0))
        keep_supply(order, Supply(available, handed, order.case_size, cases, spare))
        _tell(held, before, cause, by=by, at=at)
        record(
            *("cut", ALLOCATION, shares[0].allocation_id),
            by=by,
            at=at,
            path=held.path,
            good=product.code,
            units=[_said(promised), _said(available)],
            cause=cause.value,
        )
    return list(changed)


def _shared_again(
    shares: Sequence[Share], available: Decimal, in_bags: dict[UUID, Decimal]
) -> dict[Share, Decimal]:
    """Return what each share becomes; a household's own wish is filled before what stands in for another."""
    by_home: dict[UUID, list[Share]] = defaultdict(list)
    for share in sorted(shares, key=lambda one: (one.request_id, one.substitute_for_id is not None)):
        by_home[share.request.household_id].append(share)
    homes = list(by_home)
    had = [sum((share.got for share in by_home[home]), Decimal(0)) for home in homes]
    kept_units = [min(in_bags.get(home, Decimal(0)), sum_) for home, sum_ in zip(homes, had, strict=True)]
    item = shares[0].item
    credits = {
        row.household_id: row
        for row in Credit.objects.select_for_update().filter(household__in=homes, product=item.product_id)
    }
    problem = goods.Problem(
        [sum_ - kept for sum_, kept in zip(had, kept_units, strict=True)],
        item.product.step,
        max(available - sum(kept_units, Decimal(0)), Decimal(0)),
        weights=np.array([by_home[home][0].weight for home in homes], np.int64),
        people=np.array([by_home[home][0].request.household.head_count or 0 for home in homes], np.int64),
        parts=int(shares[0].allocation.rule["person"]),
        credits=np.array([credits[home].carried if home in credits else 0 for home in homes], np.int64),
    )
    plan = goods.plan(problem, seed=shares[0].allocation.seed)
    after = {}
    for place, home in enumerate(homes):
        left = kept_units[place] + plan.got(place)
        reason = kept(
            say(
                "The supplier brings {available} where {promised} were promised. {reason}",
                available=_said(available),
                promised=_said(sum(had, Decimal(0))),
                reason=plan.reason(place),
            )
        )
        for share in by_home[home]:
            after[share] = min(share.got, left)
            left -= after[share]
            share.reason = reason
        own = by_home[home][0]
        own.credit_after += plan.credit_after(place) - (credits[home].carried if home in credits else 0)
    _keep_credits(by_home, plan, credits)
    Share.objects.bulk_update(after, ["reason", "credit_after"], batch_size=1000)
    return after


def _keep_credits(by_home: dict[UUID, list[Share]], plan: goods.Plan, credits: dict[UUID, Credit]) -> None:
    rows = []
    for place, (home, shares) in enumerate(by_home.items()):
        carried = plan.credit_after(place)
        if carried != (credits[home].carried if home in credits else 0):
            request = shares[0].request
            rows.append(
                Credit(
                    id=new_id(),
                    household_id=home,
                    place_id=request.place_id,
                    path=request.path,
                    product_id=shares[0].item.product_id,
                    carried=carried,
                )
            )
    keep_credits(rows)


def _tell(row: Round, before: dict[Share, Decimal], cause: Cause, *, by: Actor, at: datetime) -> None:
    """Tell each household what it gets now; those with the same figures by one notice."""
    groups: dict[tuple[str, str, str], list[Share]] = defaultdict(list)
    for share, units in before.items():
        groups[share.item.product.name, _said(units), _said(share.got)].append(share)
    for (name, had, got), shares in groups.items():
        notify(
            NoticeKind.SHARED,
            sentence=say(
                "{title}: you get {got} of {good} instead of {before}, as it is {cause}. What it costs is off"
                " your bill.",
                title=row.title,
                got=got,
                good=name,
                before=had,
                cause=CAUSE_WORDS[cause],
            ),
            places=[share.request.household.place for share in shares],
            by=by,
            at=at,
            row=row,
        )


def replace_item(
    row: Round,
    item: RoundItem,
    substitute: RoundItem,
    quantity: Decimal,
    *,
    only_allowed: bool,
    by: Actor,
    at: datetime,
) -> Decimal:
    """Give up to `quantity` of a substitute, one for one, to households that come short of a good.

    Only to those who named it, if `only_allowed`. Who already stands in line for it gets no second share. The
    caller has checked what the actor may do. Returns what was given, in sale units.
    """
    with acting_as(SYSTEM):
        held = locked_round(row.pk)
        check_state(RoundState(held.state), CAN_CUT)
        allocation = allocation_of(held)
        assert allocation is not None
        short = _short_of(held, item, substitute, only_allowed)
        if not short or quantity <= 0:
            return Decimal(0)
        problem = goods.Problem(
            [share.asked - share.got for share in short],
            substitute.product.step,
            quantity,
            weights=np.array([share.weight for share in short], np.int64),
            people=np.array([share.request.household.head_count or 0 for share in short], np.int64),
            parts=int(allocation.rule["person"]),
        )
        plan = goods.plan(problem, seed=allocation.seed)
        new = [
            _standing_in(share, substitute, plan, place)
            for place, share in enumerate(short)
            if plan.got(place)
        ]
        Share.objects.bulk_create(new)
        revise(held, {share: share.planned for share in new}, Cause.ALLOCATED, "", by=by, at=at)
        _count_in(allocation, substitute, plan.handed)
        _tell_replaced(held, item, substitute, new, by=by, at=at)
        record(
            *("replaced", ALLOCATION, allocation.pk),
            by=by,
            at=at,
            path=held.path,
            goods=[item.code, substitute.code],
            units=_said(plan.handed),
        )
    return plan.handed


def _count_in(allocation: Allocation, substitute: RoundItem, handed: Decimal) -> None:
    order = CaseOrder.objects.select_for_update().filter(allocation=allocation, item=substitute).first()
    if order is None:  # it came into the round after the sharing
        order = CaseOrder(
            allocation=allocation,
            item=substitute,
            wanted=Decimal(0),
            handed=Decimal(0),
            spare=Decimal(0),
            sentence=kept(say("Nobody asked for it.")),
        )
        order.save(force_insert=True)
    order.handed += handed
    order.spare = max(order.spare - handed, Decimal(0))
    order.save(update_fields=["handed", "spare"])


def _tell_replaced(
    row: Round, item: RoundItem, substitute: RoundItem, new: Sequence[Share], *, by: Actor, at: datetime
) -> None:
    notify(
        NoticeKind.SHARED,
        sentence=say(
            "{title}: {good} comes in place of {other}, which is short. Your page says how much.",
            title=row.title,
            good=substitute.product.name,
            other=item.product.name,
        ),
        places=[share.request.household.place for share in new],
        by=by,
        at=at,
        row=row,
    )


def _short_of(row: Round, item: RoundItem, substitute: RoundItem, only_allowed: bool) -> list[Share]:
    shares = [
        share
        for share in shares_locked(row).filter(item=item, substitute_for=None)
        if share.got < share.asked
    ]
    stood_in = set(
        Share.objects.filter(
            allocation__round=row, allocation__undone_at=None, substitute_for=item, item=substitute
        ).values_list("request", flat=True)
    )
    # A packed bag is not opened again: what stands in goes to the others (FC2e).
    bagged = set(
        Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG).values_list("household", flat=True)
    )
    allowed = set(
        RequestLine.objects.filter(request__round=row, item=item, substitute=substitute).values_list(
            "request", flat=True
        )
    )
    return [
        share
        for share in shares
        if share.request_id not in stood_in
        and share.request.household_id not in bagged
        and (not only_allowed or share.request_id in allowed)
    ]


def _standing_in(share: Share, substitute: RoundItem, plan: goods.Plan, place: int) -> Share:
    return Share(
        allocation=share.allocation,
        request=share.request,
        place_id=share.place_id,
        path=share.path,
        item=substitute,
        substitute_for_id=share.item_id,
        asked=share.asked - share.got,
        planned=plan.got(place),
        got=Decimal(0),
        weight=share.weight,
        reason=kept(
            say(
                "In place of {good}, which is short. {reason}",
                good=share.item.product.name,
                reason=plan.reason(place),
            )
        ),
    )


def _said(units: Decimal) -> str:
    return f"{units.normalize():f}"
