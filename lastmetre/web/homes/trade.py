"""First pages of suppliers and of those who watch prices."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse

from lastmetre.chain.purchase.queries.orders import desk_of, orders_of
from lastmetre.chain.purchase.rules import ORDER_COLOURS, ORDER_WORDS, OrderState
from lastmetre.chain.purchase.rules import Permission as Purchase
from lastmetre.ground.goods.models import Offer, Payee, Supplier
from lastmetre.ground.goods.queries.gaps import overpriced
from lastmetre.ground.goods.queries.periods import valid
from lastmetre.ground.goods.rules import PayeeState
from lastmetre.ground.people.queries.door import Held
from lastmetre.terms import say
from lastmetre.web.homes import money
from lastmetre.web.homes.asking import place_of
from lastmetre.web.homes.home import Figure, Home, HomePage, Way, link
from lastmetre.web.saying import day_time

LICENCE_WARNING = timedelta(days=30)
MOST_SHOWN = 8


def supplier(request: HttpRequest, held: Held | None) -> HomePage:
    """A supplier's own people: what they offer, and which of their papers run out (FC1, QZ4)."""
    firm = Supplier.objects.filter(organisation=held.organisation if held else None).first()
    if firm is None:
        return HomePage(
            lead=held.where if held else "",
            next_title=say("Your firm is not on the list of suppliers yet"),
            next_words=say(
                "The district's supply office enters licence and pledge; then your offers stand here."
            ),
        )
    offers = Offer.objects.filter(valid(request.now), supplier=firm)
    empty = offers.filter(stock=0).count()
    mine = reverse("goods:my-offers")
    orders = orders_to_pack(request, held)
    return HomePage(
        lead=say("Prices and stock that you set here are what residents see."),
        figures=(
            Figure(offers.count(), say("Offers"), address=mine),
            Figure(empty, say("Sold out"), "act" if empty else "good", mine),
            Figure(offers.filter(stock=None).count(), say("Stock not counted"), "wait", mine),
        ),
        ways=(
            Way(say("Orders to pack"), "shopping-bag", link(held, "purchase:desk")),
            Way(say("My offers"), "edit", mine),
            Way(say("My firm"), "building-store", reverse("goods:supplier", args=[firm.pk])),
        ),
        todo=orders + money.supplier(firm.pk) + _papers(firm, request),
        next_title=None if orders else say("Nothing to pick yet"),
        next_words=None
        if orders
        else say("When a compound's list closes, what to pick stands here, compound by compound."),
    )


def orders_to_pack(request: HttpRequest, held: Held | None) -> tuple[Way, ...]:
    """Return the open orders, the most urgent first: where to, how far, what is short; nine queries."""
    if held is None or Purchase.SUPPLY not in held.permissions:
        return ()
    works = desk_of(orders_of(request.actor)[:MOST_SHOWN])
    return tuple(
        Way(
            say("Pack for {place}", place=work.order.place.name),
            "shopping-bag",
            reverse("purchase:order", args=[work.order.pk]),
            detail=say(
                "{homes} households, at the gate by {time}: {goods}",
                homes=work.homes,
                time=day_time(work.order.wanted_at),
                goods="、".join(
                    f"{good} {units.normalize() + 0:f}{unit}" for good, unit, units in work.goods[:3]
                ),
            ),
            state="act"
            if work.order.state == OrderState.SENT
            else ORDER_COLOURS[OrderState(work.order.state)],
            words=ANSWER
            if work.order.state == OrderState.SENT
            else ORDER_WORDS[OrderState(work.order.state)],
        )
        for work in works
    )


ANSWER = say("Answer it")


def _papers(firm: Supplier, request: HttpRequest) -> tuple[Way, ...]:
    address = reverse("goods:supplier", args=[firm.pk])
    today = request.now.date()
    found = []
    if firm.licence_until and firm.licence_until < today + LICENCE_WARNING:
        words = say("Licence valid until {day}", day=firm.licence_until)
        found.append(Way(words, "certificate", address, state="act", words=say("Renew it")))
    if firm.pledged_on is None:
        words = say("Pledge on price and supply")
        found.append(Way(words, "file-text", address, state="wait", words=say("Not signed")))
    states = set(Payee.objects.filter(supplier=firm).values_list("state", flat=True))
    if PayeeState.IN_FORCE.value not in states:
        waits = PayeeState.PROPOSED.value in states
        found.append(
            Way(
                say("The collection code that residents pay to"),
                "qrcode",
                address,
                state="wait" if waits else "act",
                words=say("Waits for a second person") if waits else say("Missing"),
            )
        )
    return tuple(found)


def price_desk(request: HttpRequest, held: Held | None) -> HomePage:
    """A price inspector: what is dear, and who has not pledged (ER10, PD2, QZ4)."""
    place = place_of(held)
    prices, suppliers = reverse("goods:prices"), reverse("goods:suppliers")
    firms = Supplier.objects.filter(path__within=place.path)
    unsigned = firms.filter(pledged_on=None).count()
    dear = overpriced(None, request.now)
    offers = Offer.objects.filter(valid(request.now), path__within=place.path)
    return HomePage(
        lead=say("Prices against benchmarks and caps."),
        figures=(
            Figure(offers.count(), say("Offers"), address=prices),
            Figure(len(dear), say("Dear or refused"), "act" if dear else "good", prices),
            Figure(firms.count(), say("Suppliers"), address=suppliers),
            Figure(unsigned, say("Suppliers without a pledge"), "wait" if unsigned else "good", suppliers),
        ),
        todo=tuple(
            Way(
                str(ask.offer.product),
                "coin",
                reverse("goods:product", args=[ask.offer.product_id]),
                detail=str(ask.offer.supplier.organisation),
                state="act" if ask.is_refused else "wait",
                words=say("Over the cap") if ask.is_refused else say("Dear"),
            )
            for ask in dear[:MOST_SHOWN]
        ),
        ways=(Way(say("Prices"), "coin", prices), Way(say("Suppliers"), "building-store", suppliers)),
        next_title=say("No case is open"),
        next_words=say("Checks and their outcome stand here once the first case is opened."),
    )


SUPPLIER = Home(
    "supplier",
    say("Today"),
    supplier,
    nav=(
        (say("To pack"), "shopping-bag", "purchase:desk"),
        (say("My offers"), "edit", "goods:my-offers"),
        (say("Goods"), "shopping-cart", "goods:catalogue"),
    ),
)
PRICES = Home(
    "prices",
    say("Prices"),
    price_desk,
    layer="base_desk.html",
    nav=((say("Prices"), "coin", "goods:prices"), (say("Suppliers"), "building-store", "goods:suppliers")),
)
