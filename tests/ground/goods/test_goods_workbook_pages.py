"""Workbooks and offer files of goods: looked at first, written when confirmed, read again as they went out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from reading_pages import plain, price_and_stock
from shelves import Shop

from lastmetre.reading.offers import read_offer

SignIn = Callable[..., Any]
ERQI = Path(__file__).parents[3] / "lastmetre/scenarios/erqi/offer.yaml"


def upload(rows: list[list[Any]]) -> SimpleUploadedFile:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)  # type: ignore[union-attr]
    data = io.BytesIO()
    workbook.save(data)
    return SimpleUploadedFile("价格.xlsx", data.getvalue())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_workbook_is_looked_at_first_and_written_when_confirmed(shop: Shop, clerk: Client) -> None:
    rows = [["商品代码", "单价(元)", "库存"], ["E1", 25.9, 80], ["V4", "贵", 1]]
    page = clerk.post("/goods/import/offers", {"file": upload(rows)}).content.decode()
    assert price_and_stock(shop.offer["E1"]) == (2490, 100)  # nothing yet
    assert "24.90 → 25.90" in plain(page)
    kept, digest = hidden(page, "kept"), hidden(page, "digest")
    forged = clerk.post("/goods/import/offers", {"kept": kept[:-3] + "abc", "digest": digest})
    assert forged.status_code == 422
    stale = clerk.post("/goods/import/offers", {"kept": kept, "digest": "0" * 16})
    assert stale.status_code == 422
    answer = clerk.post("/goods/import/offers", {"kept": kept, "digest": digest})
    assert (answer.status_code, answer["Location"]) == (302, "/goods/offers")
    assert price_and_stock(shop.offer["E1"]) == (2590, 80)
    again = clerk.post("/goods/import/offers", {"file": upload(rows)}).content.decode()
    assert 'name="kept"' not in again


def test_a_workbook_goes_out_and_comes_back_without_a_change(
    shop: Shop, officer: Client, tmp_path: Path
) -> None:
    for kind, query in [("products", ""), ("suppliers", ""), ("offers", f"?supplier={shop.supplier.pk}")]:
        out = officer.get(f"/goods/export/{kind}{query}")
        assert out.status_code == 200, kind
        file = SimpleUploadedFile("book.xlsx", out.content)
        page = officer.post(f"/goods/import/{kind}{query}", {"file": file}).content.decode()
        assert 'name="kept"' not in page, kind
        assert b"13700000001" not in out.content


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"\x89PNG\r\n\x1a\n", b"a,b\n1,2\n"])
def test_a_bad_file_is_refused_on_the_page(shop: Shop, clerk: Client, data: bytes) -> None:
    answer = clerk.post("/goods/import/offers", {"file": SimpleUploadedFile("x.xlsx", data)})
    assert answer.status_code == 422
    assert "Traceback" not in answer.content.decode()


def test_an_offer_file_comes_in_and_goes_out_as_the_sheets_read_it(
    shop: Shop, clerk: Client, tmp_path: Path
) -> None:
    address = f"/goods/suppliers/{shop.supplier.pk}/offers/file"
    form = {"place": str(shop.town.place["开元丽城"].pk), "category": "daily_use"}
    page = clerk.post(address, form | {"file": SimpleUploadedFile("offer.yaml", ERQI.read_bytes())})
    kept, digest = hidden(page.content.decode(), "kept"), hidden(page.content.decode(), "digest")
    assert clerk.post(address, {"kept": kept, "digest": "x"}).status_code == 422
    assert clerk.post(address, {"kept": kept, "digest": digest}).status_code == 302
    again = clerk.post(address, form | {"file": SimpleUploadedFile("offer.yaml", ERQI.read_bytes())})
    assert 'name="kept"' not in again.content.decode()
    bad = clerk.post(address, form | {"file": SimpleUploadedFile("offer.yaml", b"goods: [{name: }]")})
    assert bad.status_code == 422
    out = clerk.get(f"/goods/suppliers/{shop.supplier.pk}/offers.yaml?place={form['place']}")
    path = tmp_path / "offer.yaml"
    path.write_bytes(out.content)
    goods = {good.code: good for good in read_offer(path).goods}
    assert {"A", "B", "G", "R1"} <= goods.keys()
    assert (goods["G"].step, goods["G"].price_fen) == (Decimal("0.5"), 1880)
    assert clerk.get(f"/goods/suppliers/{shop.supplier.pk}/offers.yaml?place=x").status_code == 404
