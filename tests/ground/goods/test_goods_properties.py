"""What holds for any history of prices, and for many hands on one stock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from actors import Town
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelves import Shop, stock_shop

from lastmetre.ground.goods.actions.offers import adjust_stock, set_price
from lastmetre.ground.goods.models import Offer, OfferPrice
from lastmetre.ground.goods.queries.periods import priced
from lastmetre.ground.people.models import Organisation
from lastmetre.ground.people.rules import OrganisationKind
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

MINUTE = timedelta(minutes=1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5000)), min_size=1, max_size=8))
def test_periods_never_overlap_and_every_moment_has_the_price_set_last(
    shop: Shop, steps: list[tuple[int, int]]
) -> None:
    offer = shop.offer["E1"]
    with acting_as(SYSTEM) as now:
        point = transaction.savepoint()
        at, told = now, [(now - MINUTE, 2490)]
        for wait, fen in steps:
            at += wait * MINUTE
            set_price(offer, price_fen=fen, by=SYSTEM, at=at)
            told.append((at, fen))
        rows = list(OfferPrice.objects.filter(offer=offer).order_by("starts_at"))
        for earlier, later in pairwise(rows):
            assert earlier.ends_at == later.starts_at
        assert rows[-1].ends_at is None
        for minute in range(sum(wait for wait, _ in steps) + 2):
            moment = now + minute * MINUTE
            last = [fen for since, fen in told if since <= moment][-1]
            assert priced(Offer.objects.filter(pk=offer.pk), moment).get().price_fen == last
        transaction.savepoint_rollback(point)


def test_the_database_itself_keeps_periods_apart(shop: Shop) -> None:
    with (
        acting_as(SYSTEM) as now,
        pytest.raises(IntegrityError, match="offer_price_one_at_a_time"),
        transaction.atomic(),
    ):
        OfferPrice.objects.create(offer=shop.offer["E1"], price_fen=1, starts_at=now - 2 * MINUTE)


def test_many_hands_on_one_stock_take_exactly_what_is_there(own_database: str) -> None:
    with acting_as(SYSTEM) as now:
        shop = stock_shop(a_town(), now)  # committed: other connections see it
        Offer.objects.filter(pk=shop.offer["E1"].pk).update(stock=25)

    def take(_: int) -> bool:
        try:
            with acting_as(SYSTEM) as at:
                adjust_stock(shop.offer["E1"], change=Decimal(-1), by=SYSTEM, at=at)
            return True
        except InputError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as hands:
        taken = list(hands.map(take, range(60)))
    with acting_as(SYSTEM):
        assert Offer.objects.get(pk=shop.offer["E1"].pk).stock == 0
    assert taken.count(True) == 25


def a_town() -> Town:
    """The two districts and suppliers that a shop needs."""
    with acting_as(SYSTEM) as now:
        town = Town(now)
        for path, name in (("d", "二七区"), ("x", "邻区")):
            town.place[name] = Place(kind="district", name=name, path=path, sort_key=name)
            town.place[name].save(force_insert=True)
        shops = [Organisation(kind=OrganisationKind.SUPPLIER, name=name) for name in ("永辉超市", "邻家超市")]
        for shop in shops:
            shop.save(force_insert=True)
        town.supplier, town.other_supplier = shops
    return town
