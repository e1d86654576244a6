"""The demo's day, half-way through: yesterday's books are closed, today's round is open with orders and doubts.

Orders are those that the scenario's own chat and workbook hold, read as the product reads them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from lastmetre import scenarios
from lastmetre.chain.orders.actions.bulk import place_many
from lastmetre.chain.orders.actions.contacts import record_contact
from lastmetre.chain.orders.actions.intake import confirm, preview, take_text
from lastmetre.chain.orders.actions.requests import Asked, Wish
from lastmetre.chain.orders.actions.rounds import NewItem, NewRound, open_round, prepare_round
from lastmetre.chain.orders.intake_rules import FEW_DAYS
from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.silence import silent
from lastmetre.chain.orders.rules import Channel, ContactOutcome
from lastmetre.cli.loading.context import Context
from lastmetre.cli.loading.underway import load_underway
from lastmetre.cli.loading.yesterday import load_yesterday
from lastmetre.ground.goods.models import Supplier
from lastmetre.ground.places.models import Household, Place
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.offers import read_offer
from lastmetre.reading.sources import read_file, read_round
from lastmetre.scenarios.draft import CHINA
from lastmetre.terms import Order

COMPOUNDS = {"erqi": ("erqi/licheng", "erqi/suppliers/xiandaojia")}
"""Scenarios that hold a day's orders: the compound and the supplier of its round."""
CHAT, EXPORT = "chain.txt", "kuaituantuan.xlsx"
PASTED = 170
"""Entries of the chain that were pasted when the demo begins; the whole chain is there to be pasted again."""
ON_THEIR_PAGES = 30
"""Households that ordered on their own page this morning."""
THE_LAST_TIME = 40
"""Households that ordered in the round before."""
OPEN_FOR, STILL_OPEN = timedelta(hours=2), timedelta(hours=2)
"""From six in the morning until ten."""
EVERY = timedelta(minutes=15)
RUNG = timedelta(days=1)
"""So long ago the building heads rang whoever was silent."""
NO_ANSWER = 40
"""One of so many silent homes did not pick up: they stay on the list of whom to ring."""
MORNING_H = 9
"""ER5: a wave each morning."""
Orders = list[tuple[Household, Asked]]


def load_relay(context: Context) -> Round | None:
    """Write the day so far; None for a scenario that holds none."""
    if context.world.name not in COMPOUNDS:
        return None
    compound, supplier = COMPOUNDS[context.world.name]
    place = Place.objects.get(pk=context.id(compound))
    firm = Supplier.objects.get(pk=context.id(supplier))
    new = _new(context, compound, supplier)
    exported, chatted = read_orders(context.world.name)
    last = _orders(context, compound, new, chatted[:THE_LAST_TIME])
    load_yesterday(place, firm, new, last, by=context.by, at=context.at)
    busy = {_key(compound, one) for one in (*exported, *chatted)}
    load_underway(context, firm, new, compound, busy)
    begun = context.at - OPEN_FOR
    row = open_round(prepare_round(place, firm, new, by=context.by, at=begun), by=context.by, at=begun)
    _order(context, row, _orders(context, compound, new, exported[:ON_THEIR_PAGES]))
    _paste(context, row)
    _ring(context, place)
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


def read_orders(name: str) -> tuple[tuple[Order, ...], tuple[Order, ...]]:
    """Return the orders without doubts of a scenario's workbook and of its chat, one a household in all."""
    folder = scenarios.folder(name)
    compound, offer = read_compound(folder / "compound.yaml"), read_offer(folder / "offer.yaml")
    readings = [read_file(folder / one, compound=compound, offer=offer)[0] for one in (EXPORT, CHAT)]
    clear = read_round(readings, compound=compound, offer=offer).clear
    exported = tuple(one for one in clear if one.lines[0].source.file.endswith(".xlsx"))
    return exported, tuple(one for one in clear if one not in exported)


def _key(compound: str, order: Order) -> str:
    return f"{compound}/{order.home.building}/{order.home.unit}/{order.home.room}"


def _orders(context: Context, compound: str, new: NewRound, orders: Sequence[Order]) -> Orders:
    """Return orders by household; their wishes name the product where a round's item will be."""
    keys = [_key(compound, one) for one in orders]
    homes = Household.objects.select_related("place").in_bulk([context.id(key) for key in keys])
    items = {item.code: item for item in new.items}
    found = []
    for key, order in zip(keys, orders, strict=True):
        home, wishes = homes.get(context.id(key)), _wishes(order, items)
        if home is not None and wishes:
            found.append((home, Asked(wishes, Channel.PAGE, order.note)))
    return found


def _wishes(order: Order, items: dict[str, NewItem]) -> tuple[Wish, ...]:
    wishes = []
    for line in order.items:
        item = items.get(line.good)
        if item is not None:
            quantity = line.qty if item.limit is None else min(line.qty, Decimal(item.limit))
            wishes.append(Wish(item.product, quantity, None, line.note))
    return tuple(wishes)


def _order(context: Context, row: Round, orders: Orders) -> None:
    """Enter what households ordered on their own pages, one lot a quarter of an hour."""
    items: dict[UUID, UUID] = dict(row.items.values_list("product", "pk"))
    lots = range(1, OPEN_FOR // EVERY)
    for lot in lots:
        some = [
            (home, Asked(tuple(Wish(items[one.item], one.quantity) for one in asked.wishes), Channel.PAGE))
            for home, asked in orders[lot - 1 :: len(lots)]
        ]
        place_many(row.pk, some, by=context.by, at=context.at - OPEN_FOR + lot * EVERY)


def _paste(context: Context, row: Round) -> None:
    """Paste the chat as far as it had come: clear orders are entered, and what is doubted waits for a person."""
    at = context.at - timedelta(minutes=20)
    text = chat_until(context.world.name, PASTED)
    intake = take_text(row, text, name=CHAT, by=context.by, at=at)
    shown = preview(intake, by=context.by, at=at)
    confirm(intake, digest=shown.plan.digest, by=context.by, at=at)


def chat_until(name: str, entry: int) -> str:
    """Return a scenario's chat up to an entry of its last chain: what a member would have copied then."""
    text = (scenarios.folder(name) / CHAT).read_text("utf-8")
    number = re.compile(rf"^\s*{entry + 1}\s*[.、:)）]", re.MULTILINE)
    found = list(number.finditer(text))
    return text[: found[-1].start()] if found else text


def _ring(context: Context, place: Place) -> None:
    """Ring whoever was silent (FC6), so that the list of a newcomer is short: a few did not pick up."""
    at = context.at - RUNG
    for number, home in enumerate(silent(place, FEW_DAYS, context.at)):
        outcome = ContactOutcome.FINE if number % NO_ANSWER else ContactOutcome.NO_ANSWER
        record_contact(home, outcome, by=context.by, at=at)
