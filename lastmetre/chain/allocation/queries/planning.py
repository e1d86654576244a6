"""Sharing out a round on paper: every good by its rule, then what stands in for what is short (YX7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import numpy as np

from lastmetre.chain.allocation.queries.gathering import Gathered, Want
from lastmetre.chain.allocation.rules import Supply, cases_for
from lastmetre.chain.orders.models import RoundItem
from lastmetre.ground.goods.rules import stand_in
from lastmetre.planning import goods
from lastmetre.planning.cases import NEAREST
from lastmetre.planning.reasons import quantity
from lastmetre.terms import Sentence, say


@dataclass(frozen=True, slots=True)
class Given:
    """What one request gets of one good."""

    request: int
    asked: Decimal
    got: Decimal
    weight: int
    reason: Sentence
    credit_before: int = 0
    credit_after: int = 0
    substitute_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """What comes of one good."""

    item: RoundItem
    given: tuple[Given, ...]
    supply: Supply
    wanted: Decimal
    level: Fraction | None
    sentence: Sentence

    @property
    def missing(self) -> Decimal:
        """Sale units asked for, within the limits, that nobody gets."""
        return self.wanted - sum((one.got for one in self.given if one.substitute_for is None), Decimal(0))


@dataclass(frozen=True, eq=False)
class RoundPlan:
    """What comes of a round."""

    gathered: Gathered
    items: tuple[ItemPlan, ...]
    seed: int
    last_case: Fraction


def plan_round(gathered: Gathered, *, seed: int = 0, last_case: Fraction = NEAREST) -> RoundPlan:
    """Plan every good; the same question and seed give the same plan."""
    first = {item.pk: _first_pass(gathered, item, seed, last_case) for item in gathered.items}
    second = _second_pass(gathered, first, seed)
    plans = tuple(_joined(first[item.pk], second.get(item.pk, ())) for item in gathered.items)
    return RoundPlan(gathered, plans, seed, last_case)


def _first_pass(gathered: Gathered, item: RoundItem, seed: int, last_case: Fraction) -> ItemPlan:
    wants = gathered.wants.get(item.pk, ())
    who = np.array([want.request for want in wants], np.int64)
    weights = gathered.weights[item.pk][who] if len(wants) else who
    credits = [_credit(gathered, item, want) for want in wants]
    if item.is_first_come:
        return _as_promised(item, wants, weights, credits)
    homes = [gathered.requests[want.request].pk for want in wants]
    problem = goods.Problem(
        [want.quantity for want in wants],
        item.product.step,
        item.stock,
        item.case_size,
        item.limit,
        weights=weights,
        people=gathered.people[who] if len(wants) else who,
        parts=gathered.rule.person,
        credits=np.array(credits, np.int64),
        more=[gathered.willing.get((home, item.pk), Decimal(0)) for home in homes],
        last_case=last_case,
    )
    plan = goods.plan(problem, seed=seed)
    given = tuple(
        Given(
            want.request,
            want.quantity,
            plan.got(place),
            int(weights[place]),
            plan.reason(place),
            credits[place],
            plan.credit_after(place),
        )
        for place, want in enumerate(wants)
    )
    supply = Supply(item.stock, plan.handed, item.case_size, plan.cases, plan.spare)
    sentence = plan.summary() if wants else say("Nobody asked for it.")
    return ItemPlan(item, given, supply, plan.wanted, plan.sharing.level, sentence)


def _as_promised(
    item: RoundItem, wants: Sequence[Want], weights: Iterable[int], credits: Sequence[int]
) -> ItemPlan:
    """What was sold from stock is got as it was promised: there is nothing to share."""
    given = tuple(
        Given(
            want.request,
            want.quantity,
            want.quantity,
            int(weight),
            say("You ordered {asked} while there was enough, and get all of it.", asked=_said(want.quantity)),
            credit,
            credit,
        )
        for want, weight, credit in zip(wants, weights, credits, strict=True)
    )
    handed = sum((one.got for one in given), Decimal(0))
    cases = cases_for(handed, item.case_size)
    spare = cases * (item.case_size or 0) - handed if item.case_size else Decimal(0)
    supply = Supply(item.stock, handed, item.case_size, cases, spare)
    sentence = say(
        "Sold until it has run out: {sold} of {stock}.", sold=_said(handed), stock=_said(item.stock)
    )
    return ItemPlan(item, given, supply, handed, None, sentence)


def _credit(gathered: Gathered, item: RoundItem, want: Want) -> int:
    return gathered.credits.get((gathered.requests[want.request].household_id, item.product_id), 0)


@dataclass(frozen=True, slots=True)
class _Lack:
    request: int
    of: RoundItem
    quantity: Decimal
    weight: int


def _second_pass(gathered: Gathered, first: dict[UUID, ItemPlan], seed: int) -> dict[UUID, tuple[Given, ...]]:
    found = {}
    for pk, lacks in _lacks(gathered, first).items():
        plan = first[pk]
        problem = goods.Problem(
            [lack.quantity for lack in lacks],
            plan.item.product.step,
            _left(gathered, plan),
            weights=np.array([lack.weight for lack in lacks], np.int64),
            people=gathered.people[np.array([lack.request for lack in lacks], np.int64)],
            parts=gathered.rule.person,
        )
        shared = goods.plan(problem, seed=seed)
        # No credit: what stands in neither uses nor earns a claim to the good itself.
        found[pk] = tuple(
            Given(
                lack.request,
                lack.quantity,
                shared.got(place),
                lack.weight,
                say(
                    "In place of {good}, which is short. {reason}",
                    good=lack.of.product.name,
                    reason=shared.reason(place),
                ),
                substitute_for=lack.of.pk,
            )
            for place, lack in enumerate(lacks)
        )
    return found


def _lacks(gathered: Gathered, first: dict[UUID, ItemPlan]) -> dict[UUID, list[_Lack]]:
    """Gather what households take instead, by the good that stands in, within its limit a household."""
    found: dict[UUID, list[_Lack]] = defaultdict(list)
    held: dict[tuple[int, UUID], Decimal] = defaultdict(Decimal)
    for plan in first.values():
        for one in plan.given:
            held[one.request, plan.item.pk] += one.got
    for pk, plan in first.items():
        for want, one in zip(gathered.wants.get(pk, ()), plan.given, strict=True):
            other = first.get(want.substitute) if want.substitute else None
            if other is None or one.got >= one.asked:
                continue
            ratio = gathered.ratios.get((plan.item.product_id, other.item.product_id), Decimal(1))
            step = other.item.product.step
            quantity = stand_in(one.asked - one.got, ratio, step)
            if other.item.limit is not None:
                free = other.item.limit - held[one.request, other.item.pk]
                quantity = min(quantity, free // step * step)
            if quantity > 0:
                held[one.request, other.item.pk] += quantity
                weight = int(gathered.weights[other.item.pk][one.request])
                found[other.item.pk].append(_Lack(one.request, plan.item, quantity, weight))
    return found


def _left(gathered: Gathered, plan: ItemPlan) -> Decimal | None:
    """Return what is left of a good after everybody who asked for it; None: as much as is wanted."""
    item, supply = plan.item, plan.supply
    if item.is_first_come:
        return gathered.on_sale.get(item.product_id, Decimal(0))
    if item.stock is None:
        return None
    there = item.stock // item.case_size * item.case_size if item.case_size else item.stock
    return max(there - supply.handed, Decimal(0))


def _joined(plan: ItemPlan, second: tuple[Given, ...]) -> ItemPlan:
    if not second:
        return plan
    more = sum((one.got for one in second), Decimal(0))
    handed = plan.supply.handed + more
    cases = max(plan.supply.cases, cases_for(handed, plan.item.case_size))
    spare = cases * plan.item.case_size - handed if plan.item.case_size else Decimal(0)
    supply = Supply(plan.supply.stock, handed, plan.item.case_size, cases, spare)
    sentence = say("{summary} {more} more stand in for other goods.", summary=plan.sentence, more=_said(more))
    return ItemPlan(plan.item, plan.given + second, supply, plan.wanted, plan.level, sentence)


def _said(units: Decimal | None) -> str:
    return quantity(Fraction(units or 0))
