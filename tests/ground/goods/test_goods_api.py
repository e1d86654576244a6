"""The API of goods: what the pages do, for programs; the same permissions, the same sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shelves import Shop

from lastmetre.ground.goods.actions.catalogue import add_products
from lastmetre.ground.goods.actions.offers import add_offers
from lastmetre.ground.goods.drafts import NewOffer, NewProduct
from lastmetre.ground.goods.models import Offer, Payee, Product, Substitute
from lastmetre.ground.goods.queries.periods import priced
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.journal.rules import REVEALED
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

SignIn = Callable[..., Any]
API = "/api/goods"
NOWHERE = "01234567-89ab-7cde-8f01-23456789abcd"


@pytest.fixture
def clerk(shop: Shop, sign_in: SignIn) -> Client:
    client = Client()
    sign_in(client, role="supplier_clerk", organisation=shop.town.supplier, token=True)
    return client


@pytest.fixture
def officer(shop: Shop, sign_in: SignIn) -> Client:
    client = Client()
    sign_in(client, role="administrator", place=shop.town.place["二七区"], token=True)
    return client


def send(client: Client, method: str, path: str, data: Any = None) -> Any:
    answer = client.generic(method, f"{API}{path}", _json(data), content_type="application/json")
    assert answer.status_code < 500, answer.content
    return answer


def _json(data: Any) -> str:
    return json.dumps(data, default=str) if data is not None else ""


def test_the_catalogue_with_prices_and_what_is_to_be_said_of_them(shop: Shop, officer: Client) -> None:
    place = shop.town.place["开元丽城"].pk
    rows = send(officer, "GET", f"/products?place={place}&q=jd").json()["rows"]
    assert [(row["product"]["code"], row["lowest_fen"]) for row in rows] == [("E1", 2490)]
    product = send(officer, "GET", f"/products/{shop.product['X1'].pk}?place={place}").json()
    assert [line["what"] for line in product["lines"]] == ["大米1袋", "鸡蛋1板", "土豆2斤"]
    assert product["standing_min"] == 30
    egg = send(officer, "GET", f"/products/{shop.product['E1'].pk}").json()
    assert egg["stand_ins"][0]["shelf"]["product"]["code"] == "B1"
    assert send(officer, "GET", f"/places/{place}/offer?supplier={shop.supplier.pk}").json()["goods"]
    assert len(send(officer, "GET", "/categories").json()) == 22


def test_pages_of_a_listing_lead_through_all_rows_once(shop: Shop, officer: Client) -> None:
    seen, cursor = [], ""
    for _ in range(5):
        page = send(officer, "GET", f"/products?limit=2&cursor={cursor}").json()
        seen += [row["product"]["code"] for row in page["rows"]]
        cursor = page["next"]
        if not cursor:
            break
    assert sorted(seen) == ["B1", "E1", "R1", "V4", "X1"]


def test_a_clerk_changes_own_offers_and_no_others(shop: Shop, clerk: Client) -> None:
    own, foreign = shop.offer["E1"].pk, shop.offer["other R1"].pk
    changed = send(clerk, "PATCH", f"/offers/{own}", {"price_fen": 2590, "stock": 80, "code": "A"})
    assert (changed.json()["price_fen"], changed.json()["code"]) == (2590, "A")
    assert send(clerk, "POST", f"/offers/{own}/stock", {"change": -80}).json()["stock"] in (
        "0.000",
        "0",
        0,
        0.0,
    )
    refused = send(clerk, "POST", f"/offers/{own}/stock", {"change": -1})
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    for method, path, data in [
        ("PATCH", f"/offers/{foreign}", {"price_fen": 1}),
        ("POST", f"/offers/{foreign}/stock", {"change": 1}),
        ("DELETE", f"/offers/{foreign}", None),
        ("PATCH", f"/offers/{NOWHERE}", {"price_fen": 1}),
    ]:
        assert send(clerk, method, path, data).status_code == 404, path
    stolen = {
        "supplier": shop.other.pk,
        "product": shop.product["E1"].pk,
        "place": shop.town.place["邻区"].pk,
    }
    assert send(clerk, "POST", "/offers", stolen | {"price_fen": 1}).status_code == 422
    with acting_as(SYSTEM) as now:
        rows = priced(Offer.objects.filter(supplier=shop.other), now)
        assert [(row.price_fen, row.stock) for row in rows] == [(3500, 5)]


def test_a_change_with_one_part_refused_changes_nothing(shop: Shop, clerk: Client) -> None:
    own = shop.offer["E1"].pk
    send(clerk, "PATCH", f"/offers/{own}", {"price_fen": 9_999_999_999, "stock": 1})
    assert send(clerk, "PATCH", f"/offers/{own}", {"price_fen": 2600, "stock": -1}).status_code == 422
    with acting_as(SYSTEM) as now:
        row = priced(Offer.objects.filter(pk=own), now).get()
    assert (row.price_fen, row.stock) == (2490, 100)


def test_an_officer_does_all_of_it(shop: Shop, officer: Client) -> None:
    district = shop.town.place["二七区"].pk
    product = {"code": "S1", "name": "酱油", "category": "condiments", "lines": []}
    made = send(officer, "POST", "/products", product)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert send(officer, "PUT", f"/products/{pk}", product | {"name": "生抽"}).json()["name"] == "生抽"
    pair = {"product": pk, "substitute": str(shop.product["B1"].pk), "ratio": 1.5}
    assert send(officer, "PUT", "/substitutes", pair).status_code == 204
    with acting_as(SYSTEM):
        assert Substitute.objects.filter(product=pk).count() == 1
    assert send(officer, "DELETE", f"/substitutes/{pk}/{pair['substitute']}").status_code == 204
    assert send(officer, "DELETE", f"/products/{pk}").json()["ended_at"]
    assert send(officer, "POST", f"/products/{pk}/restore").json()["ended_at"] is None
    assert send(officer, "PUT", f"/choices/{district}", {"products": [pk]}).json() == {"products": [pk]}
    assert send(officer, "GET", f"/choices/{district}").json() == {"products": [pk]}
    cap = send(officer, "POST", "/caps", {"place": district, "category": "eggs", "price_fen": 1000})
    assert cap.status_code == 201
    dear = send(officer, "GET", "/prices/dear").json()
    assert [finding["concern"] for row in dear for finding in row["findings"]] == ["above_cap"]
    assert len(send(officer, "GET", "/caps").json()) == 1
    assert send(officer, "DELETE", f"/caps/{cap.json()['id']}").status_code == 204
    benchmark = {"product": shop.product["E1"].pk, "price_fen": 2000, "where": "旗舰店"}
    assert send(officer, "POST", "/benchmarks", benchmark).status_code == 204
    assert {row["category"] for row in send(officer, "GET", f"/cover?place={district}").json()} >= {"rice"}
    reserve = {"tier": "county", "place": district, "category": "rice", "weight_kg": 5000}
    assert send(officer, "PUT", "/reserves", reserve).status_code == 204
    (row,) = send(officer, "GET", "/reserves").json()
    assert send(officer, "DELETE", f"/reserves/{row['id']}").status_code == 204


def test_suppliers_papers_and_payees(shop: Shop, officer: Client, clerk: Client) -> None:
    pk = shop.supplier.pk
    rows = send(officer, "GET", "/suppliers").json()["rows"]
    assert [row["name"] for row in rows] == ["永辉超市"]
    assert "13700000001" not in str(rows)
    found = send(officer, "POST", f"/suppliers/{pk}/contact", {"text": "补货"}).json()
    assert found == {"name": "周敏", "phone": "13700000001"}
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb=REVEALED, thing=pk).count() == 1
    assert send(clerk, "POST", f"/suppliers/{shop.other.pk}/contact", {}).status_code == 404
    today = str(shop.now.date())
    assert send(clerk, "POST", f"/suppliers/{pk}/pledge", {"on": today}).json()["pledged_on"] == today
    assert send(clerk, "POST", f"/suppliers/{pk}/plan", {"text": "每天两车"}).status_code == 200
    assert send(clerk, "POST", f"/suppliers/{pk}/suspend", {}).status_code == 403
    assert send(officer, "POST", f"/suppliers/{pk}/suspend", {"text": "x"}).json()["stopped"]
    assert send(officer, "POST", f"/suppliers/{pk}/resume").json()["stopped"] == ""
    papers = {"kind": "small_shop", "licence": "JY77", "licence_until": "2030-01-01"}
    assert send(officer, "PUT", f"/suppliers/{pk}", papers).json()["licence"] == "JY77"
    area = {"place": shop.town.place["康桥社区"].pk, "mode": "direct"}
    made = send(officer, "POST", f"/suppliers/{pk}/areas", area)
    assert made.status_code == 201
    assert send(officer, "DELETE", f"/areas/{made.json()}").status_code == 204
    capacity = {"category": "rice", "daily_kg": 900}
    assert send(clerk, "PUT", f"/suppliers/{pk}/capacity", capacity).status_code == 204
    assert (
        send(clerk, "PUT", f"/suppliers/{pk}/capacity", {"category": "x", "daily_kg": 1}).status_code == 422
    )
    payee = send(clerk, "POST", f"/suppliers/{pk}/payees", {"name": "永辉", "code": "wxp://a"})
    assert payee.status_code == 201
    assert send(clerk, "POST", f"/payees/{payee.json()['id']}/approve").status_code == 403
    assert send(officer, "POST", f"/payees/{payee.json()['id']}/approve").json()["state"] == "in_force"
    assert "wxp" not in str(send(officer, "GET", f"/suppliers/{pk}/payees").json())
    with acting_as(SYSTEM):
        assert Payee.objects.get().code == "wxp://a"


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("POST", "/products", {"code": "Q", "name": "x", "category": "no-such"}),
        ("POST", "/products", {"code": "Q\0", "name": "x", "category": "rice"}),
        ("POST", "/products", {"code": "Q", "name": "x", "category": "rice", "owner": NOWHERE}),
        (
            "POST",
            "/products",
            {"code": "Q", "name": "x", "category": "rice", "lines": [{"what": "a", "quantity": 1}]},
        ),
        ("POST", "/products", {"code": "Q", "name": "x", "category": "rice", "step": 0}),
        ("POST", "/suppliers", {"organisation": NOWHERE, "place": NOWHERE, "kind": "farmer"}),
        (
            "POST",
            "/offers",
            {"supplier": NOWHERE, "product": NOWHERE, "place": NOWHERE, "price_fen": 1},
        ),
        ("POST", "/caps", {"place": NOWHERE}),
        ("POST", "/benchmarks", {"product": NOWHERE, "price_fen": 1, "where": "x"}),
        ("PUT", "/reserves", {"tier": "county", "place": NOWHERE, "category": "rice", "weight_kg": 1}),
        ("PUT", "/substitutes", {"product": NOWHERE, "substitute": NOWHERE, "ratio": 1}),
        ("GET", "/products?cursor=broken", None),
        ("GET", "/products?q=%00", None),
        ("GET", f"/products?place={NOWHERE}", None),
    ],
)
def test_what_does_not_fit_is_refused_and_never_breaks(
    shop: Shop, officer: Client, method: str, path: str, data: Any
) -> None:
    assert send(officer, method, path, data).status_code in (404, 422)


def test_a_product_naming_a_missing_one_is_refused(shop: Shop, officer: Client) -> None:
    line = {"what": "鬼", "product": NOWHERE, "quantity": 1}
    body = {"code": "Q", "name": "x", "category": "packages", "lines": [line]}
    assert send(officer, "POST", "/products", body).status_code == 422
    with acting_as(SYSTEM):
        assert not Product.objects.filter(code="Q").exists()


def test_nobody_reads_without_a_token(shop: Shop, client: Client) -> None:
    for path in ("/products", "/suppliers", "/offers", "/caps", "/reserves"):
        assert client.get(f"{API}{path}").status_code == 401


@pytest.mark.parametrize("path", ["/products?limit=200", "/suppliers", "/offers?limit=200", "/prices/dear"])
def test_queries_do_not_grow_with_the_rows(shop: Shop, officer: Client, path: str) -> None:
    counts = []
    for size in (10, 290):
        with acting_as(SYSTEM) as now:
            rows = [NewProduct(f"N{size}-{n}", f"货{size}-{n}", "rice", weight_g=500) for n in range(size)]
            add_products(rows, by=SYSTEM, at=now)
            place, begun = shop.town.place["二七区"].pk, now - timedelta(days=1)
            add_offers(
                [NewOffer(shop.supplier.pk, row.id, place, 100, begun) for row in rows], by=SYSTEM, at=now
            )
        with CaptureQueriesContext(connection) as captured:
            assert send(officer, "GET", path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
