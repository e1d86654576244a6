"""What each household gets -> numbered carts -> the `Pack` that the papers print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lastmetre.cli.sharing import Got, Sharing
from lastmetre.papers.codes import bag_codes
from lastmetre.papers.pack import Bag, BagItem, Check, Pack, Purchase
from lastmetre.papers.pack import Shortage as PaperShortage
from lastmetre.planning import carts
from lastmetre.planning.cart_packing import DEFAULT_WEIGHT_G, Packed, floor_of, problem_of
from lastmetre.planning.checks import check_carts, checked
from lastmetre.reading.readings import ControlTotal
from lastmetre.terms import (
    Action,
    Compound,
    Good,
    Home,
    Household,
    Offer,
    Order,
    Sentence,
    Translate,
    Unit,
    natural_key,
    say,
)


@dataclass(frozen=True, slots=True)
class Hands:
    """People and carts at hand; None where as many as needed may be planned."""

    people: int | None = None
    carts: int | None = None


@dataclass(frozen=True, slots=True)
class Packing:
    """All that a pack is made of."""

    compound: Compound
    offer: Offer
    orders: Sequence[Order]
    sharing: Sharing
    totals: Sequence[ControlTotal]
    secret: bytes
    printed_on: str
    hands: Hands = Hands()
    notices: Sequence[Sentence] = ()


def build_pack(round_: Packing, translate: Translate) -> tuple[Pack, carts.Plan]:
    """Put the bags on carts and write down what every sheet follows from."""
    bags = _bags(round_)
    plan = _plan_carts(round_, bags)
    placed = _with_carts(bags, plan, translate)
    names = {good.code: good.name for good in round_.offer.goods}
    cases = [
        say("{good}: {cases}", good=names[code], cases=plan_.summary())
        for code, plan_ in round_.sharing.cases.items()
    ]
    pack = Pack(
        compound=round_.compound.name,
        title=round_.offer.title,
        supplier=round_.offer.supplier,
        printed_on=round_.printed_on,
        bags=tuple(placed),
        goods=round_.offer.goods,
        purchases=tuple(Purchase(code, plan_.cases) for code, plan_ in round_.sharing.cases.items()),
        shortages=tuple(_shortages(round_.sharing, translate)),
        checks=tuple(_check(total, names) for total in round_.totals),
        notices=tuple(sentence.text(translate) for sentence in (*round_.notices, *plan.notes, *cases)),
    )
    return pack, plan


def _bags(round_: Packing) -> list[Bag]:
    households = {household.home: household for household in round_.compound.households}
    filled = [order for order in round_.orders if any(got.got for got in round_.sharing.got[order.home])]
    codes = bag_codes(round_.secret, round_.offer.title, [str(order.home) for order in filled])
    return [
        _bag(
            order,
            round_.sharing.got[order.home],
            households.get(order.home),
            codes[str(order.home)].short,
            codes[str(order.home)].qr,
        )
        for order in filled
    ]


def _bag(order: Order, gots: Sequence[Got], household: Household | None, short: str, qr: str) -> Bag:
    wished = {item.good: item for item in order.items}
    items = tuple(
        BagItem(
            good=got.good.code,
            qty=got.got,
            note=wished[got.good.code].note if got.good.code in wished else "",
            amount_fen=_charged(got, order),
        )
        for got in gots
        if got.got
    )
    return Bag(
        home=order.home,
        items=items,
        code=short,
        qr=qr,
        floor=(household.floor if household else None) or floor_of(order.home.room),
        name=order.who or (household.name if household else ""),
        phone=order.phone or (household.phone if household else ""),
        note=_remarks(order),
        paid_claimed=order.paid_claimed,
    )


def _remarks(order: Order) -> str:
    """What the household wrote, without what stands beside a good already."""
    beside = "；".join(item.note for item in order.items)
    return "；".join(part for part in order.note.split("；") if part and part not in beside)


def _charged(got: Got, order: Order) -> int | None:
    """What the platform charged, where the offer has no price and all that was wished is there."""
    item = next((item for item in order.items if item.good == got.good.code), None)
    if got.good.price_fen is not None or item is None or item.qty != got.got:
        return None
    return item.amount_fen


def units_of(compound: Compound, homes: Sequence[Home]) -> list[Unit]:
    """Every unit in the compound's order; buildings without units count as one, unknown ones come last."""
    units = [unit for building in compound.buildings for unit in (building.units or (Unit(building.name),))]
    known = {(unit.building, unit.name) for unit in units}
    missing = {(home.building, home.unit) for home in homes} - known
    ordered = sorted(missing, key=lambda pair: (natural_key(pair[0]), natural_key(pair[1])))
    return units + [Unit(building, name) for building, name in ordered]


def _plan_carts(round_: Packing, bags: Sequence[Bag]) -> carts.Plan:
    units = units_of(round_.compound, [bag.home for bag in bags])
    place = {(unit.building, unit.name): index for index, unit in enumerate(units)}
    goods = {good.code: good for good in round_.offer.goods}
    problem = problem_of(
        units,
        [
            Packed(
                unit=place[bag.home.building, bag.home.unit],
                room=bag.home.room,
                floor=bag.floor,
                weight_g=_sum(bag, goods, "weight_g", DEFAULT_WEIGHT_G),
                volume_ml=_sum(bag, goods, "volume_ml", 0),
            )
            for bag in bags
        ],
        people=round_.hands.people,
        carts=round_.hands.carts,
    )
    plan = carts.plan(problem)
    return checked(plan, check_carts(problem, plan))


def _sum(bag: Bag, goods: Mapping[str, Good], what: str, default: int) -> int:
    return int(sum(item.qty * (getattr(goods[item.good], what) or default) for item in bag.items))


def _with_carts(bags: Sequence[Bag], plan: carts.Plan, translate: Translate) -> list[Bag]:
    placed: dict[int, Bag] = {}
    for cart in plan.carts:
        carrier = {bag: turn.person for turn in cart.turns for bag in turn.bags}
        for carry, index in enumerate(cart.bags, start=1):
            person = carrier.get(index)
            placed[index] = replace(
                bags[index],
                cart=cart.number,
                wave=cart.wave,
                carry=carry,
                carrier=say("No. {person}", person=person).text(translate) if person else "",
            )
    return [placed[index] for index in range(len(bags))]


def _shortages(sharing: Sharing, translate: Translate) -> list[PaperShortage]:
    return [
        PaperShortage(home, got.good.code, got.wished, got.got, got.reason.text(translate), got.credit)
        for home, gots in sharing.got.items()
        for got in gots
        if got.got < got.wished
    ]


def _check(total: ControlTotal, names: Mapping[str, str]) -> Check:
    """A leader's total names its building, a workbook's its order or good."""
    scope = (
        total.line.place.text
        if total.line.action is Action.TOTAL and not total.line.source.sheet
        else total.line.seq
    )
    what = " ".join(filter(None, (scope, names.get(total.good, total.good))))
    return Check(what, _plain(total.stated), _plain(total.summed), total.agrees)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
