"""What a place can have, at which prices, and what is to be said of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shelves import DAY, Shop

from lastmetre.ground.goods.actions.catalogue import add_products, add_to_assortments
from lastmetre.ground.goods.actions.offers import add_offers, set_price, state_cost
from lastmetre.ground.goods.actions.prices import add_benchmarks, add_caps
from lastmetre.ground.goods.actions.suppliers import edit_supplier, suspend
from lastmetre.ground.goods.drafts import NewBenchmark, NewCap, NewOffer, NewProduct
from lastmetre.ground.goods.models import Offer, Product
from lastmetre.ground.goods.queries.catalogue import (
    products_for,
    rations,
    shelves,
    stand_ins,
    weights_of,
)
from lastmetre.ground.goods.queries.gaps import cover, overpriced, products_without_seller
from lastmetre.ground.goods.queries.suppliers import listed, serving, suppliers
from lastmetre.ground.goods.queries.terms import offer_terms, stock_terms
from lastmetre.ground.places.actions.responses import open_response
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.reading.offers import read_offer

HERE = "d.s.c.k"


def codes(rows: Any) -> list[str]:
    return [row.code for row in rows]


def test_a_compound_is_offered_what_holds_above_it_and_nothing_of_the_next_district(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        found = {shelf.product.code: shelf for shelf in shelves(list(products_for(HERE)), HERE, now)}
    assert [ask.offer.pk for ask in found["R1"].asks] == [shop.offer["R1"].pk]
    assert found["R1"].lowest_fen == 3280
    assert found["R1"].stock == 100
    assert found["B1"].asks == ()
    assert found["B1"].lowest_fen is None


def test_a_household_sees_the_catalogue_of_its_place(shop: Shop) -> None:
    household = shop.officer(path="d.s.c.k.1.u.101")
    with acting_as(household) as now:
        (shelf,) = shelves(list(products_for(HERE, words="R1")), HERE, now)
        assert shelf.lowest_fen == 3280
    with acting_as(shop.officer(path="x.o.7.u.701")) as now:
        (shelf,) = shelves(list(products_for("x.o", words="R1")), "x.o", now)
        assert shelf.lowest_fen == 3500


def test_the_nearest_choice_decides_and_without_one_everything_is_there(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        assert len(products_for(HERE)) == 5
        add_to_assortments(
            [
                (shop.town.place["二七区"].pk, shop.product["R1"].pk),
                (shop.town.place["康桥社区"].pk, shop.product["E1"].pk),
            ],
            by=SYSTEM,
            at=now,
        )
        assert codes(products_for(HERE)) == ["E1"]
        assert codes(products_for("d")) == ["R1"]
        assert len(products_for("x")) == 5


@pytest.mark.parametrize("words", ["鸡蛋", "鲜鸡", "e1", "jd", "xjd", " JD "])
def test_a_product_is_found_by_name_alias_code_and_pinyin(shop: Shop, words: str) -> None:
    with acting_as(SYSTEM):
        assert codes(products_for(None, words=words)) == ["E1"]


@pytest.mark.parametrize("words", ["%", "_", "鸡%", "'; DROP TABLE goods_product; --", "zz"])
def test_what_is_no_product_finds_none(shop: Shop, words: str) -> None:
    with acting_as(SYSTEM):
        assert codes(products_for(None, words=words)) == []


def test_a_supplier_without_papers_is_not_on_the_shelf(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        edit_supplier(shop.supplier, licence_until=now.date() - DAY, by=SYSTEM, at=now)
        (shelf,) = shelves(list(products_for(HERE, words="R1")), HERE, now)
        assert shelf.asks == ()
        assert not serving(HERE, now)
        assert listed(shop.supplier, now.date()).state == "act"
        edit_supplier(shop.supplier, licence_until=None, by=SYSTEM, at=now)
        assert len(serving(HERE, now)) == 1
        suspend(shop.supplier, why="缺斤短两", by=SYSTEM, at=now)
        (shelf,) = shelves(list(products_for(HERE, words="R1")), HERE, now)
        assert shelf.asks == ()


def test_a_cap_takes_a_dearer_offer_off_the_shelf_and_a_benchmark_only_marks_it(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        add_benchmarks([NewBenchmark(shop.product["E1"].pk, 2000, "旗舰店", now)], by=SYSTEM, at=now)
        (shelf,) = shelves([shop.product["E1"]], HERE, now)
        assert (shelf.lowest_fen, shelf.concerns) == (2490, ("above_benchmark",))
        add_caps(
            [NewCap(shop.town.place["开元丽城"].pk, now, product=shop.product["E1"].pk, price_fen=2400)],
            by=SYSTEM,
            at=now,
        )
        (shelf,) = shelves([shop.product["E1"]], HERE, now)
        assert (shelf.lowest_fen, shelf.concerns) == (None, ("above_cap", "above_benchmark"))
        # it holds for that compound alone
        (shelf,) = shelves([shop.product["E1"]], "d.s.c.b", now)
        assert shelf.lowest_fen == 2490
        assert "E1" not in [good.code for good in offer_terms(HERE, shop.supplier, now).goods]


def test_the_price_before_the_emergency_is_what_is_compared(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        open_response(shop.town.place["二七区"], name="2026", by=SYSTEM, at=now - DAY)
        set_price(shop.offer["E1"], price_fen=2990, by=SYSTEM, at=now)
        (shelf,) = shelves([shop.product["E1"]], HERE, now)
        assert shelf.concerns == ("above_baseline",)
        assert "24.90 yuan asked before" in str(shelf.asks[0].findings[0].sentence)


def test_a_margin_is_seen_by_inspectors_and_not_by_the_competition(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        state_cost(shop.offer["E1"], cost_fen=2000, by=SYSTEM, at=now)
    with acting_as(shop.officer("goods.price.control")) as now:
        assert "margin_high" in [str(one.concern) for ask in overpriced("d", now) for one in ask.findings]
    with acting_as(shop.officer(path="d.s.c.k.1.u.101")) as now:
        (shelf,) = shelves([shop.product["E1"]], HERE, now)
        assert shelf.concerns == ()


def test_a_bundle_is_held_against_its_contents(shop: Shop) -> None:
    # 32.80 + 24.90 + 2 x 2.50 = 62.70
    with acting_as(SYSTEM) as now:
        (shelf,) = shelves([shop.product["X1"]], HERE, now)
        assert shelf.concerns == ()
        set_price(shop.offer["X1"], price_fen=6271, by=SYSTEM, at=now)
        (shelf,) = shelves([shop.product["X1"]], HERE, now)
        assert shelf.concerns == ("bundle_dearer",)


def test_a_package_lasts_by_its_contents(shop: Shop) -> None:
    with acting_as(SYSTEM):
        assert weights_of(shop.product["X1"]) == {"grain": 5000, "eggs": 1900, "vegetables": 1000}
        assert weights_of(shop.product["R1"]) == {"grain": 5000}
        assert weights_of(shop.product["B1"]) == {}
        assert rations()["eggs"] == 60


def test_a_substitute_comes_with_its_price_here(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        add_offers(
            [NewOffer(shop.supplier.pk, shop.product["B1"].pk, shop.town.place["二七区"].pk, 350, now - DAY)],
            by=SYSTEM,
            at=now,
        )
        (found,) = stand_ins(shop.product["E1"], HERE, now)
        assert (found.substitute.ratio, found.shelf.lowest_fen) == (4, 350)


def test_what_is_missing_and_how_long_the_rest_lasts(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        found = {row.category.code: row for row in cover(HERE, now, people=1000)}
        # rice: 100 sacks of 5 kg for 1,000 people at 350 g
        assert (found["rice"].stock_g, found["rice"].days, found["rice"].state) == (
            500_000,
            Decimal("1.4"),
            "wait",
        )
        assert (found["pork"].offers, found["pork"].state) == (0, "act")
        assert found["water"].days is None
        assert codes(products_without_seller("x", now)) == ["E1", "V4"] or set(
            codes(products_without_seller("x", now))
        ) == {"E1", "V4"}


def test_who_serves_a_place(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        assert [area.supplier_id for area in serving(HERE, now)] == [shop.supplier.pk]
        assert [row.organisation.name for row in suppliers(path="x.o", at=now)] == ["邻家超市"]
        assert [row.offer_count for row in suppliers(words="永辉", at=now)] == [4]


def test_the_offer_of_a_place_is_what_the_reader_and_the_papers_take(shop: Shop, tmp_path: Path) -> None:
    with acting_as(SYSTEM) as now:
        found = offer_terms(HERE, shop.supplier, now, title="第一批")
        stock = stock_terms(HERE, shop.supplier.pk, now)
    goods = {good.code: good for good in found.goods}
    assert (found.supplier, goods.keys()) == ("永辉超市", {"R1", "E1", "V4", "X1"})
    assert (goods["R1"].price_fen, goods["R1"].case_size, goods["V4"].step) == (3280, 4, Decimal("0.5"))
    assert goods["X1"].contents == "大米1袋 鸡蛋1板 土豆2斤"
    assert stock == dict.fromkeys(goods, Decimal(100))
    # the reader's own checks find nothing wrong with it
    lines = ["代码,商品,规格,单位,单价(元)"]
    lines += [f"{g.code},{g.name},{g.specification},{g.unit},{(g.price_fen or 0) / 100}" for g in found.goods]
    path = tmp_path / "offer.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert codes(read_offer(path).goods) == codes(found.goods)


def stock_many(shop: Shop, count: int, at: Any) -> None:
    rows = [NewProduct(f"N{number}", f"货{number}", "rice", weight_g=500) for number in range(count)]
    products = add_products(rows, by=SYSTEM, at=at)
    add_offers(
        [
            NewOffer(shop.supplier.pk, row.pk, shop.town.place["二七区"].pk, 100, at - DAY, stock=Decimal(1))
            for row in products
        ],
        by=SYSTEM,
        at=at,
    )


def test_the_number_of_queries_does_not_grow_with_the_shelf(shop: Shop) -> None:
    counts = []
    with acting_as(SYSTEM) as now:
        assert shop.supplier.organisation.name == "永辉超市"
        for more in (5, 290):
            stock_many(shop, more, now) if more == 5 else stock_rest(shop, more, now)
            with CaptureQueriesContext(connection) as captured:
                shelves(list(products_for(HERE)), HERE, now)
                overpriced(HERE, now)
                cover(HERE, now, people=100)
                offer_terms(HERE, shop.supplier, now)
            counts.append(len(captured))
        assert Offer.objects.count() == 300
    assert counts[0] == counts[1]


def stock_rest(shop: Shop, count: int, at: Any) -> None:
    rows = [NewProduct(f"M{number}", f"物{number}", "eggs", weight_g=500) for number in range(count)]
    products = add_products(rows, by=SYSTEM, at=at)
    place = shop.town.place["二七区"].pk
    rows_ = [NewOffer(shop.supplier.pk, row.pk, place, 100, at - timedelta(hours=1)) for row in products]
    add_offers(rows_, by=SYSTEM, at=at)
    assert Product.objects.count() == 5 + 5 + count
