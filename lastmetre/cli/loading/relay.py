"""The demo's day, half-way through: a round that is open, with most of the compound's orders in it.

Orders are those that the scenario's own chat and workbook hold, read as the product reads them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from lastmetre import scenarios
from lastmetre.chain.orders.actions.requests import Asked, Wish, place_request
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, open_round, prepare_round
from lastmetre.chain.orders.models import Round, RoundItem
from lastmetre.chain.orders.rules import Channel
from lastmetre.cli.loading.context import Context
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.places.models import Household, Place
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.offers import read_offer
from lastmetre.reading.sources import read_file, read_round
from lastmetre.scenarios.draft import CHINA
from lastmetre.terms import InputError, Order

COMPOUNDS = {"erqi": ("erqi/licheng", "erqi/suppliers/xiandaojia")}
"""Scenarios that hold a day's orders: the compound and the supplier of its round."""
INPUTS = ("chain.txt", "kuaituantuan.xlsx")
ORDERED = 200
"""Orders that are in when the demo begins; the rest of the 281 that were read come while it is played."""
OPEN_FOR, STILL_OPEN = timedelta(hours=5), timedelta(hours=2)
MORNING_H = 9
"""ER5: a wave each morning."""


def load_relay(context: Context) -> Round | None:
    """Open today's round and put the orders in; None for a scenario that holds none."""
    if context.world.name not in COMPOUNDS:
        return None
    compound, supplier = COMPOUNDS[context.world.name]
    place = Place.objects.get(pk=context.id(compound))
    row = prepare_round(
        place,
        Supplier.objects.get(pk=context.id(supplier)),
        _new(context, compound, supplier),
        by=context.by,
        at=context.at - OPEN_FOR,
    )
    row = open_round(row, by=context.by, at=context.at - OPEN_FOR)
    _order(context, row, compound)
    return row


def _new(context: Context, compound: str, supplier: str) -> NewRound:
    closes = _half_hour(context.at + STILL_OPEN)
    wave = (closes.astimezone(CHINA) + timedelta(days=1)).replace(hour=MORNING_H, minute=0)
    sizes = {one.key: one.case_size for one in context.world.products}
    offers = [one for one in context.world.offers if (one.supplier, one.area) == (supplier, compound)]
    return NewRound(
        read_offer(scenarios.folder(context.world.name) / "offer.yaml").title,
        context.at - OPEN_FOR,
        closes,
        wave,
        tuple(
            NewItem(
                context.id(one.product),
                one.code,
                one.price_fen,
                offer=context.id(one.key),
                case_size=sizes[one.product],
                limit=one.limit,
                stock=Decimal(one.stock),
            )
            for one in offers
        ),
        pay_until=wave - timedelta(hours=1),  # FC2d: unpaid then, the bag leaves the batch
    )


def _half_hour(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)


def _order(context: Context, row: Round, compound: str) -> None:
    """Enter orders as if they had come one by one; what the product refuses (limits) is left out, as on a day."""
    orders = read_orders(context.world.name)[:ORDERED]
    keys = [f"{compound}/{one.home.building}/{one.home.unit}/{one.home.room}" for one in orders]
    homes = Household.objects.select_related("place").in_bulk([context.id(key) for key in keys])
    items = {item.code: item for item in row.items.select_related("product")}
    pause = (OPEN_FOR - timedelta(minutes=5)) / max(len(orders), 1)
    for number, (key, order) in enumerate(zip(keys, orders, strict=True)):
        home = homes.get(context.id(key))
        asked = _asked(order, items)
        if home is None or not asked.wishes:
            continue
        try:
            at = context.at - OPEN_FOR + pause * (number + 1)
            place_request(row.pk, home, asked, by=context.by, at=at)
        except InputError:
            continue


def read_orders(name: str) -> tuple[Order, ...]:
    """Return the orders without doubts of a scenario's chat and workbook, one a household."""
    folder = scenarios.folder(name)
    compound, offer = read_compound(folder / "compound.yaml"), read_offer(folder / "offer.yaml")
    readings = [read_file(folder / one, compound=compound, offer=offer)[0] for one in INPUTS]
    return read_round(readings, compound=compound, offer=offer).clear


def _asked(order: Order, items: dict[str, RoundItem]) -> Asked:
    wishes = []
    for line in order.items:
        item = items.get(line.good)
        if item is None:
            continue
        quantity = line.qty if item.limit is None else min(line.qty, Decimal(item.limit))
        substitute = items.get(line.substitute)
        wishes.append(Wish(item.pk, quantity, substitute.pk if substitute else None, line.note))
    is_chat = order.lines[0].source.file.endswith(".txt")
    channel = Channel.CHAT if is_chat else Channel.WORKBOOK
    return Asked(tuple(wishes), channel, order.note, says_paid=order.paid_claimed)
