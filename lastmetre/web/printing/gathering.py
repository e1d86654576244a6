"""A round at any step -> the frozen `Pack` that all papers are printed from; a few dozen queries, however large."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from lastmetre.chain.allocation.models import Share
from lastmetre.chain.allocation.queries.shares import allocation_of, outcomes_of, shares_of
from lastmetre.chain.ledger.models import Parcel
from lastmetre.chain.ledger.queries.balances import due_by_household
from lastmetre.chain.ledger.queries.parcels import qr_of
from lastmetre.chain.ledger.rules import CAUSE_WORDS, UNMET, Cause, ParcelKind, milli, price_of, units
from lastmetre.chain.orders.models import Message, Request, RequestLine, Round, RoundItem
from lastmetre.chain.orders.notice_rules import said_again
from lastmetre.chain.orders.rules import MessageState, RequestState
from lastmetre.chain.purchase.queries.packing import boxes_of, codes_of, contents_of, doors_of
from lastmetre.chain.settlement.queries.bills import paid_by_household
from lastmetre.chain.sorting.queries.stairs import floor_at
from lastmetre.ground.places.models import Household
from lastmetre.ground.places.queries.compounds import home_at, short_names, stairs_within
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.codes import BagCode
from lastmetre.papers.pack import Bag, BagItem, Box, Pack, Purchase, Shortage
from lastmetre.terms import Good, Home, Sentence, Translate, say
from lastmetre.web.printing.carts import NOT_CARRIED, Carried, carried, carts_of_packed

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """One good for one household."""

    item: RoundItem
    amount: int
    """Thousandths of a sale unit."""
    price_fen: int


@dataclass(frozen=True, slots=True)
class _Contents:
    """What each household gets, or asked for, and the bags once they are packed; by household."""

    goods: Mapping[UUID, Sequence[Content]]
    parcels: Mapping[UUID, Parcel]
    is_shared: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that bags are made of, by household."""

    contents: _Contents
    home: Mapping[UUID, Home]
    requests: Mapping[UUID, Request]
    notes: Mapping[tuple[UUID, UUID], str]
    """What was written beside a good, by household and item."""
    codes: Mapping[UUID, BagCode]
    carts: Mapping[UUID, Carried]
    due: Mapping[UUID, int]
    paid: Mapping[UUID, int]
    box: Mapping[UUID, int]
    """Number of the box, by bag."""


def pack_of(row: Round, translate: Translate, *, now: datetime, only: Collection[UUID] | None = None) -> Pack:
    """Return all that the papers of a round say at its step; the caller has checked that its reader may see it.

    `only` are the households that the reader answers for; None: all.
    """

    def is_own(home: UUID) -> bool:
        return only is None or home in only

    with acting_as(SYSTEM):
        contents = _contents(row)
        short = shares_of(row).filter(substitute_for=None, got__lt=F("asked")).order_by("item__number")
        shares = list(short) if contents.is_shared else []
        homes = list(doors_of(row, {*contents.goods, *(one.request.household_id for one in shares)}))
        names = short_names(stairs_within(row.place))
        home = {one.pk: home_at(one, names) for one in homes}
        carts = carried(row, contents.goods, homes, contents.parcels, translate)
        boxes = boxes_of(row)
        known = _Known(
            contents,
            home,
            {one.household_id: one for one in Request.objects.filter(round=row)},
            _item_notes(row),
            codes_of(row),
            carts.of,
            due_by_household(row.book),
            paid_by_household(row.book),
            {bag.pk: box.number for box in boxes for bag in box.bags.all()},
        )
        return Pack(
            compound=row.place.name,
            title=row.title,
            printed_on=f"{now.astimezone():%Y-%m-%d %H:%M}",
            supplier=row.supplier.organisation.name,
            bags=tuple(
                _bag(known, one, translate) for one in homes if contents.goods.get(one.pk) and is_own(one.pk)
            ),
            goods=tuple(_good(item) for item in row.items.select_related("product")),
            purchases=tuple(_purchases(row, translate)),
            shortages=tuple(
                _shortage(one, home, translate) for one in shares if is_own(one.request.household_id)
            ),
            boxes=tuple(Box(one.number, one.code, qr_of(one)) for one in boxes),
            notices=tuple(one.text(translate) for one in (*_notices(row, contents.is_shared), *carts.notes)),
        )


class CarriedBag(NamedTuple):
    """A packed bag, whose it is, and what became of it."""

    id: UUID
    household: UUID
    end_cause: str
    ended_at: datetime | None


def bags_on_carts(row: Round, number: int | None = None) -> list[tuple[int, CarriedBag, Home]]:
    """Return the packed bags of a round, or of one cart, with their cart's number, in the order of carrying."""
    with acting_as(SYSTEM):
        found = _carried_bags(row, number)
        homes = {one.pk: one for one in doors_of(row, [bag.household for _, bag in found])}
        names = short_names(stairs_within(row.place))
        return [
            (cart.number or 0, bag, home_at(homes[bag.household], names))
            for cart, bag in sorted(found, key=lambda one: (one[0].number or 0, one[0].carry))
            if bag.household in homes
        ]


def doors_by_cart(row: Round) -> list[tuple[int, int, int]]:
    """Return for each cart of a round its number, its doors and those whose bag's end is known; opens nothing."""
    doors: Counter[int] = Counter()
    done: Counter[int] = Counter()
    with acting_as(SYSTEM):
        for cart, bag in _carried_bags(row):
            doors[cart.number or 0] += 1
            done[cart.number or 0] += bag.ended_at is not None
    return [(number, count, done[number]) for number, count in sorted(doors.items())]


def _carried_bags(row: Round, number: int | None = None) -> list[tuple[Carried, CarriedBag]]:
    kept = ("pk", "household", "end_cause", "ended_at")
    bags = {one[1]: CarriedBag(*one) for one in _not_lost(row).values_list(*kept)}
    known = carts_of_packed(row, {home: bag.id for home, bag in bags.items()})
    return [
        (cart, bag)
        for bag in bags.values()
        if (cart := known.get(bag.id)) and cart.number is not None and number in (None, cart.number)
    ]


def _contents(row: Round) -> _Contents:
    items = {item.product_id: item for item in row.items.select_related("product")}
    is_shared = allocation_of(row) is not None
    if parcels := _parcels(row):
        packed = {
            home: [Content(items[one.product_id], one.amount, one.price_fen) for one in bag.items.all()]
            for home, bag in parcels.items()
        }
        return _Contents(packed, parcels, is_shared)
    if not is_shared:
        return _Contents(_wishes(row), {}, is_shared)
    promised = {
        one.household.pk: [Content(items[what], amount, items[what].price_fen) for what, amount in one.goods]
        for one in contents_of(row)
    }
    return _Contents(promised, {}, is_shared)


def _not_lost(row: Round) -> QuerySet[Parcel]:
    """Return the bags that were not lost, by number; of a household whose bag was packed anew, the latest last."""
    found = Parcel.objects.filter(book=row.book_id, kind=ParcelKind.BAG, household__isnull=False)
    return found.exclude(end_cause__in=[cause.value for cause in UNMET]).order_by("number")


def _parcels(row: Round) -> dict[UUID, Parcel]:
    return {bag.household_id: bag for bag in _not_lost(row).prefetch_related("items") if bag.household_id}


def _wishes(row: Round) -> dict[UUID, list[Content]]:
    rows = RequestLine.objects.filter(request__round=row, request__state=RequestState.ACTIVE)
    found: defaultdict[UUID, list[Content]] = defaultdict(list)
    for line in rows.select_related("request", "item__product").order_by("item__number"):
        one = Content(line.item, milli(line.quantity), line.item.price_fen)
        found[line.request.household_id].append(one)
    return dict(found)


def _item_notes(row: Round) -> dict[tuple[UUID, UUID], str]:
    """Return what households wrote beside a good, by household and item."""
    written = RequestLine.objects.filter(request__round=row, note__isnull=False)
    return {
        (line.request.household_id, line.item_id): line.note or ""
        for line in written.select_related("request")
    }


def _bag(known: _Known, home: Household, translate: Translate) -> Bag:
    parcel, request = known.contents.parcels.get(home.pk), known.requests.get(home.pk)
    cart = known.carts.get(home.pk) or NOT_CARRIED
    items = tuple(
        BagItem(
            one.item.code,
            units(one.amount),
            known.notes.get((home.pk, one.item.pk), ""),
            price_of(one.amount, one.price_fen),
        )
        for one in known.contents.goods[home.pk]
        if one.amount
    )
    goods_fen, paid = sum(one.amount_fen or 0 for one in items), known.paid.get(home.pk, 0)
    # What funds, credits and earlier debts change, the books know once goods were priced.
    due = known.due.get(home.pk, 0) + paid if known.contents.is_shared else goods_fen
    return Bag(
        home=known.home[home.pk],
        items=items,
        code=parcel.code if parcel else known.codes[home.pk].short,
        qr=qr_of(parcel) if parcel else known.codes[home.pk].qr,
        floor=floor_at(home),
        name=home.name or "",
        phone=home.phone or "",
        note=(request.note or "") if request else "",
        cart=cart.number,
        wave=cart.wave,
        carry=cart.carry,
        carrier=cart.carrier,
        paid_claimed=bool(request and request.says_paid) or 0 < due <= paid,
        extra_fen=due - goods_fen,
        paid_fen=paid,
        box=known.box.get(parcel.pk) if parcel else None,
        ended=_ended(parcel, translate),
    )


def _ended(parcel: Parcel | None, translate: Translate) -> str:
    if parcel is None or parcel.ended_at is None:
        return ""
    what = CAUSE_WORDS[Cause(parcel.end_cause)].text(translate)
    return f"{what} {parcel.ended_at.astimezone():%H:%M}"


def _good(item: RoundItem) -> Good:
    product = item.product
    return Good(
        item.code,
        product.name,
        specification=product.specification,
        unit=product.unit,
        step=product.step,
        price_fen=item.price_fen,
        weight_g=product.weight_g,
        volume_ml=product.volume_ml,
        case_size=item.case_size,
    )


def _purchases(row: Round, translate: Translate) -> list[Purchase]:
    return [
        Purchase(one.item.code, one.cases, said_again(one.sentence).text(translate))
        for one in outcomes_of(row)
        if one.case_size
    ]


def _shortage(share: Share, home: Mapping[UUID, Home], translate: Translate) -> Shortage:
    """Say who gets less than it asked for, and why; a stand-in is said in the reason."""
    return Shortage(
        home[share.request.household_id],
        share.item.code,
        share.asked,
        share.got,
        said_again(share.reason).text(translate),
        Decimal(share.credit_after) * share.item.product.step / MILLION,
    )


def _notices(row: Round, is_shared: bool) -> list[Sentence]:
    found = []
    if not is_shared:
        found.append(
            say("Not shared out yet: this is what was asked for when it was printed. Do not pack by it.")
        )
    if waiting := Message.objects.filter(intake__round=row, state=MessageState.DOUBT).count():
        found.append(say("Messages that wait for a person are not in these papers: {count}.", count=waiting))
    if late := Request.objects.filter(round=row, state=RequestState.ACTIVE, is_late=True).count():
        found.append(say("Orders on the late list are in these papers: {count}.", count=late))
    return found
