"""The pages of goods: who sees what, what a clerk can change, what is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from reading_pages import plain, price_and_stock
from shelves import Shop

from lastmetre.ground.goods.actions.catalogue import add_products
from lastmetre.ground.goods.actions.offers import add_offers
from lastmetre.ground.goods.actions.prices import add_caps
from lastmetre.ground.goods.drafts import NewCap, NewOffer, NewProduct
from lastmetre.ground.goods.models import (
    Offer,
    Payee,
    PriceCap,
    Product,
    Reserve,
    Supplier,
    SupplierArea,
)
from lastmetre.ground.goods.urls import urlpatterns
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.journal.rules import REVEALED
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]
ERQI = Path(__file__).parents[3] / "lastmetre/scenarios/erqi/offer.yaml"


def ids(shop: Shop) -> dict[str, Any]:
    with acting_as(SYSTEM):
        return {
            "product": shop.product["X1"].pk,
            "supplier": shop.supplier.pk,
            "offer": shop.offer["E1"].pk,
            "area": SupplierArea.objects.first().pk,
            "place": shop.town.place["二七区"].pk,
        }


def addresses(shop: Shop) -> list[str]:
    """Every address of the app that can be read, with ids that exist."""
    known = ids(shop)
    found = []
    for pattern in urlpatterns:
        if "other" in str(pattern.pattern):
            continue
        route = str(pattern.pattern)
        if route.endswith(("end", "quick", "contact", "papers")) or route.startswith("payees"):
            continue
        owner = "supplier" if route.startswith("suppliers") else route.split("/")[0].rstrip("s")
        pk = known.get({"choice": "place"}.get(owner, owner), known["place"])
        for kind in ("products", "suppliers", "offers") if "kind" in route else ("",):
            found.append("/goods/" + route.replace("<uuid:pk>", str(pk)).replace("<slug:kind>", kind))
    return found


@pytest.mark.parametrize("role", ["clerk", "officer", "household"])
def test_every_page_answers_or_refuses_in_words(shop: Shop, role: str, request: Any) -> None:
    client = request.getfixturevalue(role)
    seen = {address: client.get(address).status_code for address in addresses(shop)}
    assert set(seen.values()) <= {200, 403, 404, 422}
    for address in ("/goods/", f"/goods/products/{shop.product['X1'].pk}", "/goods/suppliers"):
        assert seen[address] == 200
    writing = [address for address, status in seen.items() if status == 200 and "new" in address]
    assert {"clerk": 2, "officer": 8, "household": 0}[role] == len(writing), writing


def test_nobody_comes_in_unknown(shop: Shop, client: Client) -> None:
    for address in addresses(shop):
        assert client.get(address).status_code in (302, 401), address


def test_a_household_sees_prices_and_no_costs_contacts_or_buttons(shop: Shop, household: Client) -> None:
    page = household.get("/goods/").content.decode()
    assert "¥32.80" in page
    assert "/goods/products/new" not in page
    supplier = household.get(f"/goods/suppliers/{shop.supplier.pk}").content.decode()
    assert "13700000001" not in supplier
    assert "周敏" not in supplier
    assert f"/goods/suppliers/{shop.supplier.pk}/contact" not in supplier
    assert household.post(f"/goods/suppliers/{shop.supplier.pk}/contact").status_code == 403


def test_the_catalogue_finds_by_pinyin_and_says_what_to_do_when_it_finds_nothing(
    shop: Shop, household: Client
) -> None:
    assert "鸡蛋" in plain(household.get("/goods/?q=jd").content.decode())
    page = plain(household.get("/goods/?q=zzz").content.decode())
    assert "jd" in page
    assert household.get("/goods/?place=not-an-id").status_code == 404
    assert household.get(f"/goods/?place={shop.town.place['外苑'].pk}").status_code == 404
    assert household.get("/goods/?cursor=broken").status_code == 422


def test_a_product_page_shows_contents_days_and_the_price_check(shop: Shop, officer: Client) -> None:
    place = shop.town.place["开元丽城"].pk
    address = f"/goods/products/{shop.product['X1'].pk}?place={place}&people=5"
    page = plain(officer.get(address).content.decode())
    assert "大米1袋" in page
    assert "2.8" in page  # 5000 / (350 x 5)
    assert "¥60.00" in page


# A supplier's own desk


def test_a_clerk_changes_price_and_stock_where_they_stand(shop: Shop, clerk: Client) -> None:
    offer = shop.offer["E1"]
    page = clerk.get("/goods/offers").content.decode()
    assert f'id="offer-{offer.pk}"' in page
    address = f"/goods/offers/{offer.pk}/quick"
    answer = clerk.post(address, {"price_fen": "25.90", "stock": "80"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'value="25.90"' in answer.content.decode()
    assert price_and_stock(offer) == (2590, 80)
    # the same without JavaScript
    answer = clerk.post(address, {"price_fen": "26", "stock": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/goods/offers")
    assert price_and_stock(offer) == (2600, None)


@pytest.mark.parametrize(
    "typed",
    [{"price_fen": "", "stock": "1"}, {"price_fen": "-1", "stock": "1"}, {"price_fen": "1", "stock": "x"}],
)
def test_what_cannot_be_a_price_or_stock_changes_nothing(
    shop: Shop, clerk: Client, typed: dict[str, str]
) -> None:
    address = f"/goods/offers/{shop.offer['E1'].pk}/quick"
    answer = clerk.post(address, typed, headers={"HX-Request": "true"})
    assert "card-act" in answer.content.decode()
    assert clerk.post(address, typed).status_code == 422
    assert price_and_stock(shop.offer["E1"]) == (2490, 100)


def test_a_price_above_a_cap_is_refused_on_the_row_and_stock_stays_too(shop: Shop, clerk: Client) -> None:
    with acting_as(SYSTEM) as now:
        cap = NewCap(shop.town.place["二七区"].pk, now, product=shop.product["E1"].pk, price_fen=2500)
        add_caps([cap], by=SYSTEM, at=now)
    answer = clerk.post(
        f"/goods/offers/{shop.offer['E1'].pk}/quick",
        {"price_fen": "30", "stock": "7"},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert "25.00" in plain(page)
    assert 'value="30"' in page  # what was typed is not lost
    assert price_and_stock(shop.offer["E1"]) == (2490, 100)


def test_a_clerk_never_reaches_the_offers_of_another(shop: Shop, clerk: Client) -> None:
    foreign = shop.offer["other R1"]
    before = price_and_stock(foreign)
    for address, data in [
        (f"/goods/offers/{foreign.pk}/quick", {"price_fen": "1", "stock": "1"}),
        (f"/goods/offers/{foreign.pk}/end", {}),
        (f"/goods/offers/{foreign.pk}", {"code": "A"}),
    ]:
        assert clerk.post(address, data).status_code == 404
    assert clerk.get(f"/goods/offers/{foreign.pk}").status_code == 404
    assert clerk.get(f"/goods/suppliers/{shop.other.pk}/offers/new").status_code == 404
    assert clerk.get(f"/goods/import/offers?supplier={shop.other.pk}").status_code == 404
    assert clerk.get(f"/goods/export/offers?supplier={shop.other.pk}").status_code == 404
    assert clerk.get(f"/goods/offers?supplier={shop.other.pk}").status_code == 404
    assert clerk.get(f"/goods/suppliers/{shop.other.pk}").status_code == 404
    assert price_and_stock(foreign) == before


def test_a_clerk_adds_an_offer_and_takes_it_off_again(shop: Shop, clerk: Client) -> None:
    address = f"/goods/suppliers/{shop.supplier.pk}/offers/new"
    form = {"product": shop.product["B1"].pk, "place": shop.town.place["开元丽城"].pk, "price_fen": "3.5"}
    assert clerk.post(address, form).status_code == 302
    with acting_as(SYSTEM):
        offer = Offer.objects.get(product=shop.product["B1"])
    assert (offer.path, price_and_stock(offer)) == ("d.s.c.k", (350, None))
    again = clerk.post(address, form)
    assert again.status_code == 422
    outside = clerk.post(address, form | {"place": shop.town.place["外苑"].pk})
    assert outside.status_code == 422
    assert clerk.post(f"/goods/offers/{offer.pk}", {"limit_per_household": "2"}).status_code == 302
    assert clerk.post(f"/goods/offers/{offer.pk}/end").status_code == 302


# Officers


def test_an_officer_registers_a_supplier_admits_it_and_hands_in_its_papers(
    shop: Shop, officer: Client
) -> None:
    form = {
        "name": "老王菜店",
        "place": shop.town.place["康桥社区"].pk,
        "kind": "small_shop",
        "licence": "JY9",
    }
    form |= {"contact_name": "王二", "contact_phone": "13711112222"}
    answer = officer.post("/goods/suppliers/new", form)
    assert answer.status_code == 302
    with acting_as(SYSTEM):
        row = Supplier.objects.get(licence="JY9")
    assert answer["Location"] == f"/goods/suppliers/{row.pk}"
    page = officer.get(answer["Location"]).content.decode()
    assert "13711112222" not in page
    assert "2222" in page
    shown = officer.post(f"/goods/suppliers/{row.pk}/contact", headers={"HX-Request": "true"})
    assert "13711112222" in shown.content.decode()
    area = {"place": shop.town.place["康桥社区"].pk, "mode": "direct", "fee_fen": "3"}
    assert officer.post(f"/goods/suppliers/{row.pk}/areas/new", area).status_code == 302
    papers = f"/goods/suppliers/{row.pk}/papers"
    for what in ("pledge", "plan", "suspend", "resume"):
        assert officer.post(papers, {"what": what, "plan": "每天两车", "why": "短斤少两"}).status_code == 302
    assert officer.post(papers, {"what": "dance"}).status_code == 404
    with acting_as(SYSTEM):
        row.refresh_from_db()
        assert SupplierArea.objects.get(supplier=row).fee_fen == 300
        assert Entry.objects.filter(verb=REVEALED, thing=row.pk).count() == 1
    assert (row.plan, row.suspended_at) == ("每天两车", None)


def test_a_payee_takes_two_people_on_the_pages_too(shop: Shop, clerk: Client, officer: Client) -> None:
    address = f"/goods/suppliers/{shop.supplier.pk}"
    assert clerk.post(f"{address}/payee", {"name": "永辉", "code": "wxp://abc"}).status_code == 302
    with acting_as(SYSTEM):
        payee = Payee.objects.get()
    assert clerk.post(f"/goods/payees/{payee.pk}", {"what": "approve"}).status_code == 403
    assert "wxp://abc" in officer.get(address).content.decode()
    assert officer.post(f"/goods/payees/{payee.pk}", {"what": "approve"}).status_code == 302
    assert officer.post(f"/goods/payees/{payee.pk}", {"what": "refuse"}).status_code == 422
    assert officer.post(f"{address}/payee", {"name": "我", "code": "wxp://me"}).status_code == 302
    with acting_as(SYSTEM):
        mine = Payee.objects.get(state="proposed")
    assert officer.post(f"/goods/payees/{mine.pk}", {"what": "approve"}).status_code == 422


def test_an_inspector_caps_a_price_and_the_offer_leaves_the_shelf(shop: Shop, officer: Client) -> None:
    form = {"place": shop.town.place["二七区"].pk, "product": shop.product["E1"].pk, "price_fen": "20"}
    assert officer.post("/goods/prices/caps/new", form).status_code == 302
    assert officer.post("/goods/prices/caps/new", form).status_code == 422
    assert officer.post("/goods/prices/caps/new", {"place": form["place"]}).status_code == 422
    assert "20.00" in plain(officer.get("/goods/prices").content.decode())
    with acting_as(SYSTEM):
        cap = PriceCap.objects.get()
    assert officer.post(f"/goods/prices/caps/{cap.pk}/end").status_code == 302
    benchmark = {"product": shop.product["E1"].pk, "price_fen": "20", "where": "旗舰店"}
    assert officer.post("/goods/prices/benchmarks/new", benchmark).status_code == 302
    assert "旗舰店" in plain(officer.get("/goods/prices").content.decode())


def test_products_are_added_changed_and_ended_on_pages(shop: Shop, officer: Client) -> None:
    form = {"code": "Y1", "name": "早餐包", "category": "packages", "unit": "份", "step": "1"}
    form |= {"temperature": "ambient", "disinfection": "spray", "is_package": "on"}
    wrong = officer.post("/goods/products/new", form | {"lines": "大米 (没有*1)"})
    assert wrong.status_code == 422
    answer = officer.post("/goods/products/new", form | {"lines": "大米1袋 (R1*1)\n赠品"})
    assert answer.status_code == 302
    page = officer.get(f"{answer['Location']}/edit").content.decode()
    assert "大米1袋 (R1*1)" in page
    assert (
        officer.post(f"{answer['Location']}/edit", form | {"name": "早点包", "lines": ""}).status_code == 302
    )
    with acting_as(SYSTEM):
        row = Product.objects.get(code="Y1")
        assert (row.name, row.lines.count()) == ("早点包", 0)
    assert officer.post(f"{answer['Location']}/end").status_code == 302
    assert "早点包" not in officer.get("/goods/").content.decode()


def test_substitutes_are_named_and_taken_away(shop: Shop, officer: Client) -> None:
    address = f"/goods/products/{shop.product['R1'].pk}/substitutes"
    form = {"substitute": shop.product["V4"].pk, "ratio": "2.5", "rank": "1"}
    assert officer.post(f"{address}/new", form).status_code == 302
    assert "2.5" in plain(officer.get(f"/goods/products/{shop.product['R1'].pk}").content.decode())
    itself = form | {"substitute": shop.product["R1"].pk}
    assert officer.post(f"{address}/new", itself).status_code == 422
    assert officer.post(f"{address}/{shop.product['V4'].pk}/end").status_code == 302
    assert officer.post(f"{address}/{shop.product['V4'].pk}/end").status_code == 404


def test_a_clerk_states_capacity_and_the_delivery_fee(shop: Shop, clerk: Client, officer: Client) -> None:
    address = f"/goods/suppliers/{shop.supplier.pk}"
    assert clerk.post(f"{address}/capacity", {"category": "rice", "daily_kg": "900"}).status_code == 302
    assert "900" in plain(clerk.get(address).content.decode())
    with acting_as(SYSTEM):
        area, foreign = (SupplierArea.objects.get(supplier=row) for row in (shop.supplier, shop.other))
    assert clerk.post(f"/goods/areas/{area.pk}/fee", {"fee_fen": "5"}).status_code == 302
    assert clerk.post(f"/goods/areas/{foreign.pk}/fee", {"fee_fen": "5"}).status_code == 404
    assert clerk.post(f"/goods/areas/{area.pk}/end").status_code == 403
    assert "5.00" in plain(clerk.get(address).content.decode())
    with acting_as(SYSTEM):
        now = SupplierArea.objects.get(supplier=shop.supplier, ends_at=None)
    assert officer.post(f"/goods/areas/{now.pk}/end").status_code == 302


def test_an_area_gets_a_choice_of_its_own(shop: Shop, officer: Client, household: Client) -> None:
    address = f"/goods/choice/{shop.town.place['康桥社区'].pk}"
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"product": [str(shop.product["E1"].pk), "nonsense"]}).status_code == 302
    page = household.get("/goods/").content.decode()
    assert "鸡蛋" in page
    assert "大米 5kg" not in plain(page)


def test_reserves_are_stated_on_a_page(shop: Shop, officer: Client, household: Client) -> None:
    form = {"tier": "county", "place": shop.town.place["二七区"].pk, "category": "rice", "weight_kg": "5000"}
    assert officer.post("/goods/reserves/new", form).status_code == 302
    assert "5000" in officer.get("/goods/reserves").content.decode()
    assert household.get("/goods/reserves").status_code == 403
    with acting_as(SYSTEM):
        row = Reserve.objects.get()
    assert officer.post(f"/goods/reserves/{row.pk}/end").status_code == 302


# Queries


@pytest.mark.parametrize("address", ["/goods/", "/goods/offers", "/goods/suppliers", "/goods/prices"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    shop: Shop, clerk: Client, officer: Client, address: str
) -> None:
    client = clerk if address == "/goods/offers" else officer
    counts = []
    for size in (10, 290):
        with acting_as(SYSTEM) as now:
            rows = [NewProduct(f"N{size}-{n}", f"货{size}-{n}", "rice", weight_g=500) for n in range(size)]
            add_products(rows, by=SYSTEM, at=now)
            place = shop.town.place["二七区"].pk
            begun = now - timedelta(days=1)
            offers = [NewOffer(shop.supplier.pk, row.id, place, 100, begun) for row in rows]
            add_offers(offers, by=SYSTEM, at=now)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
