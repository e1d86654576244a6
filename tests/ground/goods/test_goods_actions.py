"""What clerks and officers may write, what is refused and how it is said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from shelves import DAY, Shop

from lastmetre.ground.goods.actions.catalogue import (
    add_products,
    add_to_assortments,
    edit_product,
    end_product,
    restore_product,
    set_assortment,
)
from lastmetre.ground.goods.actions.offers import (
    add_offers,
    adjust_stock,
    edit_offer,
    end_offer,
    set_price,
    set_stock,
    state_cost,
)
from lastmetre.ground.goods.actions.payees import approve_payee, propose_payee, refuse_payee
from lastmetre.ground.goods.actions.prices import add_benchmarks, add_caps, end_cap
from lastmetre.ground.goods.actions.reserves import save_reserves
from lastmetre.ground.goods.actions.suppliers import (
    edit_supplier,
    file_plan,
    reveal_contact,
    set_fee,
    sign_pledge,
    suspend,
)
from lastmetre.ground.goods.drafts import (
    NewBenchmark,
    NewCap,
    NewLine,
    NewOffer,
    NewProduct,
    NewReserve,
)
from lastmetre.ground.goods.models import (
    Assortment,
    Offer,
    OfferCost,
    OfferPrice,
    Payee,
    PriceCap,
    Product,
    Reserve,
    Supplier,
    SupplierArea,
)
from lastmetre.ground.goods.queries.periods import priced
from lastmetre.ground.goods.rules import Tier
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.journal.rules import REVEALED
from lastmetre.ground.protection.actor import SYSTEM, Actor, ActorKind, Denied, Grant
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError


def price_of(offer: Offer, at: Any) -> int | None:
    with acting_as(SYSTEM):
        return priced(Offer.objects.filter(pk=offer.pk), at).get().price_fen


def lines(verb: str) -> list[Entry]:
    with acting_as(SYSTEM):
        return list(Entry.objects.filter(verb=verb))


# Prices


def test_a_clerk_changes_the_price_of_an_own_offer_and_the_old_price_is_kept(shop: Shop) -> None:
    with acting_as(shop.clerk()) as now:
        set_price(shop.offer["E1"], price_fen=2590, by=shop.clerk(), at=now)
        set_price(shop.offer["E1"], price_fen=2590, by=shop.clerk(), at=now)  # again: nothing happens
        history = list(OfferPrice.objects.filter(offer=shop.offer["E1"]).values_list("price_fen", "ends_at"))
    assert history == [(2590, None), (2490, now)]
    assert price_of(shop.offer["E1"], now) == 2590
    assert price_of(shop.offer["E1"], now - DAY) == 2490
    assert [(line.detail, line.path) for line in lines("price")] == [({"price_fen": [2490, 2590]}, "d")]


@pytest.mark.parametrize("write", [set_price, set_stock, edit_offer, end_offer, adjust_stock, state_cost])
def test_a_clerk_never_touches_the_offer_of_another(shop: Shop, write: Any) -> None:
    values = {
        set_price: {"price_fen": 1},
        set_stock: {"stock": Decimal(1)},
        edit_offer: {"limit_per_household": 1},
        adjust_stock: {"change": Decimal(-1)},
        state_cost: {"cost_fen": 1},
    }.get(write, {})
    foreign = shop.offer["other R1"]
    before = price_of(foreign, shop.now)
    with acting_as(shop.clerk()) as now, pytest.raises(Denied):
        write(foreign, by=shop.clerk(), at=now, **values)
    assert price_of(foreign, shop.now) == before
    # and where the actions were circumvented, the rows still hold
    with acting_as(shop.clerk()):
        assert not Offer.objects.filter(pk=foreign.pk).exists()
        assert Offer.objects.filter(pk=foreign.pk).update(stock=0) == 0
        assert OfferPrice.objects.filter(offer=foreign).delete()[0] == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            OfferPrice.objects.create(offer=foreign, price_fen=1, starts_at=now + DAY)


def test_a_clerk_writes_no_offer_in_the_name_of_another(shop: Shop) -> None:
    row = NewOffer(shop.other.pk, shop.product["E1"].pk, shop.town.place["邻区"].pk, 1, shop.now)
    with acting_as(shop.clerk()) as now, pytest.raises(InputError, match="suppliers does not exist"):
        add_offers([row], by=shop.clerk(), at=now)


def test_a_clerk_offers_only_where_the_supplier_was_admitted(shop: Shop) -> None:
    inside = NewOffer(shop.supplier.pk, shop.product["B1"].pk, shop.town.place["开元丽城"].pk, 350, shop.now)
    outside = NewOffer(shop.supplier.pk, shop.product["B1"].pk, shop.town.place["外苑"].pk, 350, shop.now)
    with acting_as(shop.clerk()) as now:
        add_offers([inside], by=shop.clerk(), at=now)
        assert Offer.objects.get(pk=inside.id).path == "d.s.c.k"
        with pytest.raises(InputError, match="not been admitted"):
            add_offers([outside], by=shop.clerk(), at=now)


def test_a_price_above_a_cap_is_refused_with_both_figures(shop: Shop) -> None:
    cap = NewCap(shop.town.place["二七区"].pk, shop.now, product=shop.product["E1"].pk, price_fen=2500)
    with acting_as(SYSTEM) as now:
        add_caps([cap], by=SYSTEM, at=now)
    with acting_as(shop.clerk()) as now:
        with pytest.raises(InputError, match=r"鸡蛋 30枚: 25\.01 yuan is above the highest .* 25\.00 yuan"):
            set_price(shop.offer["E1"], price_fen=2501, by=shop.clerk(), at=now)
        set_price(shop.offer["E1"], price_fen=2500, by=shop.clerk(), at=now)
    with acting_as(SYSTEM) as now:
        end_cap(PriceCap.objects.get(), by=SYSTEM, at=now + timedelta(seconds=1))
    with acting_as(shop.clerk()):
        set_price(shop.offer["E1"], price_fen=2501, by=shop.clerk(), at=now + timedelta(seconds=2))


def test_a_cap_of_a_category_is_for_a_kilogram(shop: Shop) -> None:
    # 5 kg of rice at 6.50 yuan a kilogram: 32.50 yuan
    cap = NewCap(shop.town.place["二七区"].pk, shop.now, category="rice", price_fen=650)
    with acting_as(SYSTEM) as now:
        add_caps([cap], by=SYSTEM, at=now)
        with pytest.raises(InputError, match=r"32\.51 yuan is above .* 32\.50 yuan"):
            set_price(shop.offer["R1"], price_fen=3251, by=SYSTEM, at=now)
        set_price(shop.offer["R1"], price_fen=3250, by=SYSTEM, at=now)


def test_a_cap_over_cost_wants_the_cost_and_holds_for_a_clerk_too(shop: Shop) -> None:
    cap = NewCap(
        shop.town.place["二七区"].pk, shop.now, product=shop.product["E1"].pk, margin_percent=Decimal(15)
    )
    with acting_as(SYSTEM) as now:
        add_caps([cap], by=SYSTEM, at=now)
    with acting_as(shop.clerk()) as now:
        with pytest.raises(InputError, match="what the supplier paid is not stated"):
            set_price(shop.offer["E1"], price_fen=2300, by=shop.clerk(), at=now)
        with pytest.raises(InputError, match=r"23\.01 yuan is above .* 23\.00 yuan"):
            set_price(shop.offer["E1"], price_fen=2301, cost_fen=2000, by=shop.clerk(), at=now)
        set_price(shop.offer["E1"], price_fen=2300, cost_fen=2000, by=shop.clerk(), at=now)


def test_two_caps_for_one_thing_are_refused_in_words(shop: Shop) -> None:
    cap = NewCap(shop.town.place["二七区"].pk, shop.now, category="eggs", price_fen=1500)
    with acting_as(SYSTEM) as now:
        add_caps([cap], by=SYSTEM, at=now)
        with pytest.raises(InputError, match="already in force"):
            add_caps([cap], by=SYSTEM, at=now)
        with pytest.raises(InputError, match="for a product or for a category"):
            add_caps([NewCap(cap.place, now, price_fen=1)], by=SYSTEM, at=now)


def test_an_officer_caps_prices_at_the_own_place_only(shop: Shop) -> None:
    officer = shop.officer("goods.price.control", path="x")
    with acting_as(officer) as now:
        with pytest.raises(InputError, match="does not exist"):
            add_caps(
                [NewCap(shop.town.place["二七区"].pk, now, category="eggs", price_fen=1)], by=officer, at=now
            )
        add_caps([NewCap(shop.town.place["邻区"].pk, now, category="eggs", price_fen=1)], by=officer, at=now)


def test_what_a_supplier_paid_is_seen_by_itself_and_by_inspectors(shop: Shop) -> None:
    with acting_as(shop.clerk()) as now:
        state_cost(shop.offer["E1"], cost_fen=2000, by=shop.clerk(), at=now)
        assert OfferCost.objects.count() == 1
    with acting_as(shop.clerk(shop.other)):
        assert OfferCost.objects.count() == 0
    with acting_as(shop.officer("goods.offer.costs")):
        assert OfferCost.objects.count() == 1


# Stock


def test_stock_is_never_sold_below_nothing(shop: Shop) -> None:
    with acting_as(shop.clerk()) as now:
        adjust_stock(shop.offer["E1"], change=Decimal(-100), by=shop.clerk(), at=now)
        with pytest.raises(InputError, match="not so much in stock"):
            adjust_stock(shop.offer["E1"], change=Decimal("-0.5"), by=shop.clerk(), at=now)
        with pytest.raises(InputError, match="cannot be below 0"):
            set_stock(shop.offer["E1"], stock=Decimal(-1), by=shop.clerk(), at=now)
        assert set_stock(shop.offer["E1"], stock=None, by=shop.clerk(), at=now).stock is None
        with pytest.raises(InputError, match="not counted"):
            adjust_stock(shop.offer["E1"], change=Decimal(1), by=shop.clerk(), at=now)


def test_one_offer_of_a_product_in_an_area_at_a_time(shop: Shop) -> None:
    again = NewOffer(shop.supplier.pk, shop.product["E1"].pk, shop.town.place["二七区"].pk, 2000, shop.now)
    with acting_as(shop.clerk()) as now:
        with pytest.raises(InputError, match="already offers"):
            add_offers([again], by=shop.clerk(), at=now)
        end_offer(shop.offer["E1"], by=shop.clerk(), at=now)
        add_offers([again], by=shop.clerk(), at=now)


# Products


def test_a_supplier_keeps_packages_of_its_own_and_none_of_others(shop: Shop) -> None:
    own = NewProduct("Y1", "早餐包", "packages", owner=shop.supplier.pk, is_package=True)
    with acting_as(shop.clerk()) as now:
        (product,) = add_products([own], by=shop.clerk(), at=now)
        with pytest.raises(Denied):
            add_products([NewProduct("Z1", "大米", "rice")], by=shop.clerk(), at=now)
        with pytest.raises(Denied):
            edit_product(shop.product["R1"], own, by=shop.clerk(), at=now)
    with acting_as(shop.clerk(shop.other)):
        assert Product.objects.filter(pk=product.pk).update(name="别人的") == 0
        assert not Product.objects.filter(pk=product.pk).exists()
        with pytest.raises(InputError, match="suppliers does not exist"):
            end_product(product, by=shop.clerk(shop.other), at=now)


def test_the_journal_says_what_changed_of_a_product(shop: Shop) -> None:
    officer = shop.officer("goods.catalogue.edit")
    row = NewProduct("R1", "大米", "rice", specification="10kg", unit="袋", weight_g=10000, case_size=4)
    with acting_as(officer) as now:
        changed = edit_product(shop.product["R1"], row, by=officer, at=now)
        assert edit_product(shop.product["R1"], row, by=officer, at=now) == {}
    assert changed == {"specification": ["5kg", "10kg"], "weight_g": [5000, 10000]}
    assert [line.detail for line in lines("edit")] == [{"changed": changed}]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (NewProduct("R1", "小米", "rice"), "already belongs to another product"),
        (NewProduct("Z", "大米", "rice", specification="5kg"), "already a product of this name"),
        (NewProduct("Z", "小米", "riec"), "no category “riec”"),
        (NewProduct("Z", "", "rice"), "needs code, name and sale unit"),
        (NewProduct("Z", "小米", "rice", step=Decimal(0)), "step must be above 0"),
        (NewProduct("Z", "小米", "rice", weight_g=0), "weight must be above 0"),
        (NewProduct("Z", "小米", "rice", case_size=0), "case holds at least 1"),
        (NewProduct("Z", "小米", "rice", standing_min=300), "240 minutes"),
        (NewProduct("Z", "小米", "rice", lines=(NewLine("x", None, Decimal(1)),)), "quantity above 0"),
    ],
)
def test_a_product_that_does_not_fit_is_refused_in_words(shop: Shop, row: NewProduct, says: str) -> None:
    with acting_as(SYSTEM) as now:
        with pytest.raises(InputError, match=says):
            add_products([row], by=SYSTEM, at=now)
        assert Product.objects.count() == 5


def test_an_ended_product_frees_its_name_until_it_comes_back(shop: Shop) -> None:
    with acting_as(SYSTEM) as now:
        end_product(shop.product["R1"], by=SYSTEM, at=now)
        add_products([NewProduct("R9", "大米", "rice", specification="5kg")], by=SYSTEM, at=now)
        with pytest.raises(InputError, match="already a product of this name"):
            restore_product(shop.product["R1"], by=SYSTEM, at=now)


def test_the_choice_of_an_area_is_replaced_as_a_whole(shop: Shop) -> None:
    place = shop.town.place["康桥社区"]
    officer = shop.officer("goods.assortment.edit")
    with acting_as(officer) as now:
        add_to_assortments([(place.pk, shop.product["R1"].pk)] * 2, by=officer, at=now)
        set_assortment(place, [shop.product["E1"].pk, shop.product["V4"].pk], by=officer, at=now)
        chosen = set(Assortment.objects.values_list("product__code", flat=True))
    assert chosen == {"E1", "V4"}
    with acting_as(shop.officer("goods.assortment.edit", path="x")), pytest.raises(Denied):
        set_assortment(place, [], by=shop.officer("goods.assortment.edit", path="x"), at=now)


# Suppliers


def test_papers_are_handed_in_by_the_supplier_or_its_office(shop: Shop) -> None:
    with acting_as(shop.clerk()) as now:
        sign_pledge(shop.supplier, on=now.date(), by=shop.clerk(), at=now)
        file_plan(shop.supplier, plan="每天两车", by=shop.clerk(), at=now)
        with pytest.raises(InputError, match="lies ahead"):
            sign_pledge(shop.supplier, on=now.date() + DAY, by=shop.clerk(), at=now)
        with pytest.raises(Denied):
            sign_pledge(shop.other, on=now.date(), by=shop.clerk(), at=now)
        with pytest.raises(Denied):
            suspend(shop.supplier, why="", by=shop.clerk(), at=now)
    with acting_as(SYSTEM):
        assert Supplier.objects.get(pk=shop.supplier.pk).plan == "每天两车"


def test_whom_to_call_is_sealed_and_each_look_is_recorded(shop: Shop) -> None:
    officer = shop.officer("goods.supplier.contact")
    with acting_as(officer) as now:
        assert reveal_contact(shop.supplier, by=officer, at=now, why="补货").contact_phone == "13700000001"
        with pytest.raises(Denied):
            reveal_contact(shop.other, by=officer, at=now)
    (line,) = lines(REVEALED)
    assert (line.thing, line.actor) == (shop.supplier.pk, "officer")
    with acting_as(SYSTEM):
        area = SupplierArea.objects.filter(supplier=shop.supplier)[0]
    served = Actor(
        "served", ActorKind.STAFF, grants=(Grant(officer.grants[0].permissions, path=f"{area.path}.x"),)
    )
    with acting_as(served) as now:
        assert reveal_contact(shop.supplier, by=served, at=now).contact_phone, "it serves where they work"
        with pytest.raises(Denied):
            reveal_contact(shop.other, by=served, at=now)
    with acting_as(SYSTEM) as now:
        edit_supplier(shop.supplier, contact_phone="13700000002", by=SYSTEM, at=now)
    assert "1370000" not in str([line.detail for line in lines("edit")])


def test_a_licence_belongs_to_one_supplier(shop: Shop) -> None:
    with acting_as(SYSTEM) as now, pytest.raises(InputError, match="licence number already belongs"):
        edit_supplier(shop.other, licence="JY1410103", by=SYSTEM, at=now)


def test_what_delivery_cost_before_is_kept(shop: Shop) -> None:
    with acting_as(SYSTEM):
        area = SupplierArea.objects.get(supplier=shop.supplier)
    with acting_as(shop.clerk()) as now:
        set_fee(area, fee_fen=500, by=shop.clerk(), at=now)
    with acting_as(SYSTEM):
        fees = list(SupplierArea.objects.filter(supplier=shop.supplier).order_by("starts_at"))
    assert [(row.fee_fen, row.ends_at) for row in fees] == [(0, now), (500, None)]


# Payees


def test_a_payee_takes_two_people(shop: Shop) -> None:
    boss = shop.officer("goods.payee.propose", "goods.payee.approve", key="boss")
    second = shop.officer("goods.payee.approve", key="second")
    with acting_as(boss) as now:
        payee = propose_payee(shop.supplier, name="永辉", code="wxp://a", by=boss, at=now)
        with pytest.raises(InputError, match="cannot approve it"):
            approve_payee(payee, by=boss, at=now)
        with pytest.raises(InputError, match="already waiting"):
            propose_payee(shop.supplier, name="骗子", code="wxp://b", by=boss, at=now)
        # the database would not take it either
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            Payee.objects.filter(pk=payee.pk).update(decided_by="boss", decided_at=now, state="in_force")
    with acting_as(second) as now:
        approve_payee(payee, by=second, at=now)
        with pytest.raises(InputError, match="already been decided"):
            refuse_payee(payee, why="", by=second, at=now)
    with acting_as(shop.clerk()) as now:
        later = propose_payee(shop.supplier, name="永辉二店", code="wxp://c", by=shop.clerk(), at=now)
        with pytest.raises(Denied):
            approve_payee(later, by=shop.clerk(), at=now)
        assert Payee.objects.get(state="in_force").code == "wxp://a"
    with acting_as(second) as now:
        approve_payee(later, by=second, at=now)
        states = dict(Payee.objects.values_list("pk", "state"))
    assert states == {payee.pk: "replaced", later.pk: "in_force"}
    assert {line.verb for line in lines("propose") + lines("approve")} == {"propose", "approve"}


# Reserves, benchmarks


def test_reserves_are_seen_from_their_place_only_and_stated_again(shop: Shop) -> None:
    officer = shop.officer("goods.reserve.edit")
    row = NewReserve(Tier.COUNTY, shop.town.place["二七区"].pk, "rice", 5000)
    with acting_as(officer) as now:
        save_reserves([row], by=officer, at=now)
        save_reserves([NewReserve(row.tier, row.place, "rice", 4000)], by=officer, at=now)
        assert Reserve.objects.get().weight_kg == 4000
    with acting_as(shop.officer(path="d.s.c.k")):
        assert Reserve.objects.count() == 0


def test_a_benchmark_needs_its_source(shop: Shop) -> None:
    with acting_as(SYSTEM) as now, pytest.raises(InputError, match="needs its source"):
        add_benchmarks([NewBenchmark(shop.product["E1"].pk, 2000, "", now)], by=SYSTEM, at=now)
