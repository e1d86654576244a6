"""Workbooks of products, suppliers and offers: what is written out comes back without a change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelves import Shop

from lastmetre.ground.goods.actions.imports import (
    import_offer_file,
    import_offers,
    import_products,
    import_suppliers,
)
from lastmetre.ground.goods.actions.offers import edit_offer, set_price
from lastmetre.ground.goods.actions.prices import add_benchmarks, add_caps
from lastmetre.ground.goods.drafts import NewBenchmark, NewCap
from lastmetre.ground.goods.forms import offer_book, product_book, supplier_book
from lastmetre.ground.goods.forms.areas import seen_areas
from lastmetre.ground.goods.forms.offer_file import plan_offer_file
from lastmetre.ground.goods.models import Offer, PackageContent, Product, Supplier
from lastmetre.ground.goods.plans import Outcome, Plan
from lastmetre.ground.goods.queries.periods import priced, valid
from lastmetre.ground.goods.queries.terms import offer_terms
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.workbook import write_workbook
from lastmetre.reading.listings import Listing, read_listing
from lastmetre.reading.offers import read_offer
from lastmetre.terms import InputError

Rows = Sequence[Sequence[Any]]
ERQI = Path(__file__).parents[3] / "lastmetre/scenarios/erqi/offer.yaml"


def book(path: Path, rows: Rows) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))  # type: ignore[union-attr]
    workbook.save(path)
    return path


def listing(path: Path, of: Any) -> Listing:
    return read_listing(path, {column.key: column.heading for column in of.COLUMNS})


def written(path: Path, table: Any) -> Path:
    write_workbook(path, [table.said(gettext)])
    return path


def products_written(path: Path) -> Path:
    rows = Product.objects.filter(owner=None, ended_at=None).prefetch_related("lines__product")
    return written(path, product_book.product_table(rows))


def offers_of(shop: Shop, at: Any) -> Any:
    rows = priced(Offer.objects.filter(valid(at), supplier=shop.supplier), at)
    return rows.select_related("product")


def counted(plan: Plan) -> dict[str, int]:
    return {outcome.value: count for outcome, count in plan.counts.items()}


# Out and in again


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_exported_and_read_again_changes_nothing(shop: Shop, tmp_path: Path, language: str) -> None:
    with acting_as(SYSTEM) as now, translation.override(language):
        products = products_written(tmp_path / "products.xlsx")
        offers = written(
            tmp_path / "offers.xlsx", offer_book.offer_table(shop.supplier, offers_of(shop, now), now)
        )
        rows = Supplier.objects.select_related("organisation")
        suppliers = written(tmp_path / "suppliers.xlsx", supplier_book.supplier_table(rows, seen_areas()))
    other = "en" if language != "en" else "zh-hans"
    with acting_as(SYSTEM) as now, translation.override(other):
        assert counted(product_book.plan_products(listing(products, product_book))) == {"same": 5}
        plan = offer_book.plan_offers(listing(offers, offer_book), shop.supplier, at=now)
        assert counted(plan) == {"same": 4}
        assert counted(supplier_book.plan_suppliers(listing(suppliers, supplier_book))) == {"same": 2}


KEYS = ("specification", "weight_g", "case_size", "keeps_days", "step")
PRODUCT = st.fixed_dictionaries(
    {
        "name": st.text(st.sampled_from("大米鸡蛋x9"), min_size=1, max_size=8),
        "specification": st.text(st.sampled_from("5kg*米0"), max_size=8),
        "weight_g": st.none() | st.integers(1, 10**6),
        "case_size": st.none() | st.integers(1, 100),
        "keeps_days": st.none() | st.integers(0, 400),
        "step": st.sampled_from(["0.5", "1", "2"]),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(PRODUCT, min_size=1, max_size=5, unique_by=lambda one: (one["name"], one["specification"]))
)
def test_whatever_is_written_comes_back_the_same(
    shop: Shop, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    header = ["代码", "商品", "类别", "规格", "重量(克)", "整箱规格", "保质天数", "最小数量"]
    cells = [[f"Q{n}", one["name"], "rice", *(one[key] for key in KEYS)] for n, one in enumerate(rows)]
    path = book(tmp_path / "in.xlsx", [header, *cells])
    with acting_as(SYSTEM) as now, translation.override("zh-hans"):
        point = transaction.savepoint()
        plan = product_book.plan_products(listing(path, product_book))
        assert counted(plan) == {"added": len(rows)}
        import_products(plan, digest=plan.digest, by=SYSTEM, at=now)
        again = product_book.plan_products(listing(path, product_book))
        assert counted(again) == {"same": len(rows)}
        exported = listing(products_written(tmp_path / "out.xlsx"), product_book)
        assert counted(product_book.plan_products(exported)) == {"same": 5 + len(rows)}
        transaction.savepoint_rollback(point)


# Products


def test_products_come_with_their_contents_and_a_second_import_has_no_effect(
    shop: Shop, tmp_path: Path
) -> None:
    rows = [
        ["品类", "商品代码", "名称", "规格", "套餐", "套餐明细", "单位"],
        ["套餐", "X2", "早餐包", "", "是", "大米1袋 (R1*1)；豆浆2袋 (D9*2)；赠品", "份"],
        ["豆制品", "D9", "豆浆", "300ml", "", "", "袋"],
        ["大米", "R1", "大米", "10kg", "", "", ""],
    ]
    path = book(tmp_path / "products.xlsx", rows)
    officer = shop.officer("goods.catalogue.edit")
    with acting_as(officer) as now:
        plan = product_book.plan_products(listing(path, product_book))
        assert counted(plan) == {"added": 2, "changed": 1}
        (change,) = plan.of(Outcome.CHANGED)
        assert [(one.column, one.before, one.after) for one in change.differences] == [
            ("specification", "5kg", "10kg")
        ]
        import_products(plan, digest=plan.digest, by=officer, at=now)
        lines = PackageContent.objects.filter(package__code="X2").values_list(
            "what", "product__code", "quantity"
        )
        assert list(lines) == [("大米1袋", "R1", 1), ("豆浆2袋", "D9", 2), ("赠品", None, None)]
        assert Product.objects.get(code="R1").weight_g == 5000  # a column that is not there changes nothing
        again = product_book.plan_products(listing(path, product_book))
        assert counted(again) == {"same": 3}
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb="import").get().detail == {
            "added": 2,
            "changed": 1,
            "same": 0,
            "refused": 0,
        }


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["Z1", "酱油", "火箭", "", ""], "Column “Category”: “火箭” cannot be read"),
        (["Z1", "", "大米", "", ""], "Column “Product” is empty"),
        (["", "酱油", "大米", "", ""], "Column “Product code” is empty"),
        (["Z1", "酱油", "大米", "很重", ""], "Column “Weight (g)”: “很重” cannot be read"),
        (["Z1", "酱油", "大米", "", "随便"], "Column “Disinfection”: “随便” cannot be read"),
        (["Z1", "酱油", "大米", "-5", ""], "cannot be read"),
    ],
)
def test_a_bad_cell_is_refused_with_row_and_column_and_the_rest_goes_in(
    shop: Shop, tmp_path: Path, row: list[str], says: str
) -> None:
    header = ["代码", "商品", "类别", "重量(克)", "消杀方式"]
    good = ["Z2", "陈醋", "油盐酱醋", "850", "喷洒外包装"]
    with acting_as(SYSTEM) as now:
        path = book(tmp_path / "bad.xlsx", [["商品表"], header, row, good])
        plan = product_book.plan_products(listing(path, product_book))
        assert counted(plan) == {"refused": 1, "added": 1}
        (refused,) = plan.of(Outcome.REFUSED)
        assert says in str(refused.refusal)
        assert refused.refusal
        assert refused.refusal.source
        assert refused.refusal.source.row == 3
        import_products(plan, digest=plan.digest, by=SYSTEM, at=now)
        assert Product.objects.filter(code__startswith="Z").count() == 1


def test_one_code_twice_and_the_code_of_anothers_catalogue_are_refused(shop: Shop, tmp_path: Path) -> None:
    rows = [
        ["代码", "商品", "类别"],
        ["Z1", "酱油", "rice"],
        ["Z1", "陈醋", "rice"],
        ["R1", "我的大米", "rice"],
    ]
    with acting_as(shop.clerk()):
        path = book(tmp_path / "twice.xlsx", rows)
        plan = product_book.plan_products(listing(path, product_book), owner=shop.supplier.pk)
    refused = [str(row.refusal) for row in plan.of(Outcome.REFUSED)]
    assert len(refused) == 2
    assert "Row 2 has this code too." in refused[0]
    assert "belongs to another catalogue" in refused[1]


def test_a_preview_that_is_no_longer_true_is_not_written(shop: Shop, tmp_path: Path) -> None:
    header = ["代码", "供应范围", "单价(元)"]
    path = book(tmp_path / "offers.xlsx", [header, ["E1", "", 25.9]])
    with acting_as(shop.clerk()) as now:
        seen = offer_book.plan_offers(listing(path, offer_book), shop.supplier, at=now)
        set_price(shop.offer["E1"], price_fen=2400, by=shop.clerk(), at=now)
        plan = offer_book.plan_offers(listing(path, offer_book), shop.supplier, at=now)
        with pytest.raises(InputError, match="no longer what you looked at"):
            import_offers(plan, shop.supplier, digest=seen.digest, by=shop.clerk(), at=now)


# Offers


def test_a_clerk_imports_own_prices_and_stock(shop: Shop, tmp_path: Path) -> None:
    rows = [
        ["代码", "商品", "供应范围", "单价(元)", "库存", "限购"],
        ["E1", "鸡蛋", "二七区", "25.9", 80, 2],
        ["B1", "豆腐", "康桥社区/开元丽城", "3.5", "", ""],
        ["R1", "大米", "外苑", 30, 1, ""],
        ["V4", "土豆", "", "不要钱", 1, ""],
        ["Q9", "没有", "", 1, 1, ""],
    ]
    clerk = shop.clerk()
    with acting_as(clerk) as now:
        path = book(tmp_path / "offers.xlsx", rows)
        plan = offer_book.plan_offers(listing(path, offer_book), shop.supplier, at=now)
        assert counted(plan) == {"changed": 1, "added": 1, "refused": 3}
        says = [str(row.refusal) for row in plan.of(Outcome.REFUSED)]
        assert "No such place is known here" in says[0]
        assert "Write an amount in yuan" in says[1]
        assert "code of a product of the catalogue" in says[2]
        import_offers(plan, shop.supplier, digest=plan.digest, by=clerk, at=now)
        eggs = offers_of(shop, now).get(product__code="E1")
        assert (eggs.price_fen, eggs.stock, eggs.limit_per_household) == (2590, 80, 2)
        assert offers_of(shop, now).get(product__code="B1").path == "d.s.c.k"
        again = offer_book.plan_offers(listing(path, offer_book), shop.supplier, at=now)
        assert counted(again) == {"same": 2, "refused": 3}
        assert not again.has_effect


def test_a_clerk_may_write_the_letters_that_residents_order_by(shop: Shop, tmp_path: Path) -> None:
    clerk = shop.clerk()
    with acting_as(clerk) as now:
        edit_offer(shop.offer["E1"], code="A", by=clerk, at=now)
        path = book(tmp_path / "letters.xlsx", [["代码", "单价(元)"], ["A", 26], ["E1", 27]])
        plan = offer_book.plan_offers(listing(path, offer_book), shop.supplier, at=now)
        assert counted(plan) == {"changed": 1, "refused": 1}  # both name the eggs


def test_a_clerk_imports_nothing_for_another_supplier(shop: Shop, tmp_path: Path) -> None:
    clerk = shop.clerk()
    with acting_as(clerk) as now:
        path = book(tmp_path / "offers.xlsx", [["代码", "单价(元)"], ["R1", 1]])
        plan = offer_book.plan_offers(listing(path, offer_book), shop.other, at=now)
        with pytest.raises(InputError, match="suppliers does not exist"):
            import_offers(plan, shop.other, digest=plan.digest, by=clerk, at=now)
    with acting_as(SYSTEM) as now:
        prices = priced(Offer.objects.filter(supplier=shop.other), now)
        assert [row.price_fen for row in prices] == [3500]


def test_a_price_above_a_cap_is_refused_in_the_preview_and_one_above_the_benchmark_is_marked(
    shop: Shop, tmp_path: Path
) -> None:
    with acting_as(SYSTEM) as now:
        place = shop.town.place["二七区"].pk
        add_caps([NewCap(place, now, product=shop.product["E1"].pk, price_fen=2500)], by=SYSTEM, at=now)
        add_benchmarks([NewBenchmark(shop.product["R1"].pk, 3000, "旗舰店", now)], by=SYSTEM, at=now)
        path = book(tmp_path / "offers.xlsx", [["代码", "单价(元)"], ["E1", 25.01], ["R1", 33]])
        plan = offer_book.plan_offers(listing(path, offer_book), shop.supplier, at=now)
    (refused,) = plan.of(Outcome.REFUSED)
    assert "25.01 yuan is above the highest price allowed here" in str(refused.refusal)
    (changed,) = plan.of(Outcome.CHANGED)
    assert "10 % above the benchmark of 30.00 yuan (旗舰店)" in str(changed.flags[0])


# Suppliers


def test_suppliers_are_registered_with_sealed_contacts(shop: Shop, tmp_path: Path) -> None:
    rows = [
        ["供应商", "类型", "所在地", "许可证号", "联系人", "联系电话", "许可证到期"],
        ["老王菜店", "小店", "康桥社区", "JY9", "王二", "13711112222", "2027/1/1"],
        ["永辉超市", "大型超市", "二七区", "JY1410103", "", "", ""],
        ["新店", "飞船", "二七区", "", "", "", ""],
        ["无处", "小店", "火星", "", "", "", ""],
        ["抄证店", "小店", "二七区", "JY9", "", "", ""],
    ]
    officer = shop.officer("goods.supplier.edit", "people.edit")
    with acting_as(officer) as now:
        path = book(tmp_path / "suppliers.xlsx", rows)
        plan = supplier_book.plan_suppliers(listing(path, supplier_book))
        refused = [str(row.refusal) for row in plan.of(Outcome.REFUSED)]
    assert "already belongs to another supplier" in refused[0]
    assert "Write one of: 小店" in refused[1]
    assert "No such place" in refused[2]
    assert "13711112222" not in plan.digest + str([row.differences for row in plan.rows])
    good = book(tmp_path / "good.xlsx", [row for row in rows if row[0] not in ("新店", "无处", "抄证店")])
    with acting_as(officer) as now:
        plan = supplier_book.plan_suppliers(listing(good, supplier_book))
        assert counted(plan) == {"added": 1, "same": 1}
        import_suppliers(plan, digest=plan.digest, by=officer, at=now)
        shop_ = Supplier.objects.get(licence="JY9")
        assert (shop_.contact_phone, shop_.organisation.name, shop_.path) == (
            "13711112222",
            "老王菜店",
            "d.s.c",
        )
        again = supplier_book.plan_suppliers(listing(good, supplier_book))
        assert counted(again) == {"same": 2}


# Offer files of the steward's tool


def test_the_stewards_offer_file_comes_in_and_goes_out_again(shop: Shop) -> None:
    file = read_offer(ERQI)
    place, clerk = shop.town.place["开元丽城"], shop.clerk()
    with acting_as(clerk) as now:
        plan = plan_offer_file(file, shop.supplier, place, category="daily_use", at=now)
        assert counted(plan) == {"added": 14}
        import_offer_file(plan, shop.supplier, digest=plan.digest, by=clerk, at=now)
    with acting_as(SYSTEM) as now:
        again = plan_offer_file(file, shop.supplier, place, category="daily_use", at=now)
        assert counted(again) == {"same": 14}
        out = {good.code: good for good in offer_terms(place.path, shop.supplier, now).goods}
    for good in file.goods:
        if good.code in ("E", "H"):
            continue  # eggs and bean curd stand in the common catalogue already, under their own names
        back = out[good.code]
        # 土豆 of the file stands beside the 土豆 without a specification that the town has already
        assert back.name in (good.name, f"{good.name}({good.specification})")
        for name in ("aliases", "specification", "unit", "step", "price_fen", "weight_g", "volume_ml"):
            assert getattr(back, name) == getattr(good, name), name
        assert (back.case_size, back.limit_per_household) == (good.case_size, good.limit_per_household)
        assert back.contents == good.contents


# Bad files


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.xlsx", b"", "empty"),
        ("page.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n", "picture"),
        ("broken.xlsx", b"PK\x03\x04 and nothing more", "damaged"),
        ("other.csv", "天,气\n晴,好\n".encode(), "No header row was found"),
        ("half.csv", "商品,单价\n大米,3\n".encode(), "No column is called “商品代码”"),
    ],
)
def test_a_file_that_is_no_list_of_goods_is_refused_in_words(
    db: None, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=says):
        listing(path, offer_book)


def test_unknown_columns_and_other_sheets_are_named(tmp_path: Path, db: None) -> None:
    path = book(tmp_path / "more.xlsx", [["代码", "单价(元)", "心情"], ["R1", 1, "好"]])
    found = listing(path, offer_book)
    assert [str(one) for one in found.notices] == ["Not read: the columns 心情."]
