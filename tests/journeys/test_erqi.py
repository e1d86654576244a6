"""The liaison's afternoon at Kaiyuan Licheng (ER3a, ER3b, FC2): a chat and a workbook in, papers out, books square."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from lastmetre import scenarios
from lastmetre.cli.main import main
from lastmetre.cli.packing import Packing, build_pack
from lastmetre.cli.sharing import share_out
from lastmetre.papers.totals import due_fen, money, quantities
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.offers import read_offer, read_stock
from lastmetre.reading.sources import read_file, read_round
from lastmetre.terms import untranslated

FOLDER = scenarios.folder("erqi")
TRUTH = json.loads((FOLDER / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def compound():
    return read_compound(FOLDER / "compound.yaml")


@pytest.fixture(scope="module")
def offer():
    return read_offer(FOLDER / "offer.yaml")


@pytest.fixture(scope="module")
def day(compound, offer):
    readings = [
        read_file(FOLDER / name, compound=compound, offer=offer)[0]
        for name in ("chain.txt", "kuaituantuan.xlsx")
    ]
    return read_round(readings, compound=compound, offer=offer)


@pytest.fixture(scope="module")
def packed(day, compound, offer):
    heads = {house.home: house.head_count for house in compound.households if house.head_count}
    stock = read_stock(FOLDER / "stock.yaml", offer)
    sharing = share_out(day.clear, offer, heads, stock, {})
    round_ = Packing(
        compound, offer, day.clear, sharing, day.reading.totals, b"secret of the test", "2022-05-10"
    )
    return (*build_pack(round_, untranslated), sharing)


def wishes(order):
    return {item.good: item.qty for item in order.items}


def test_no_household_is_read_wrong_in_silence(day):
    truth = {
        home: {good: Decimal(qty) for good, qty in home_truth["goods"].items()}
        for home, home_truth in TRUTH["households"].items()
    }
    wrong = {
        str(order.home): (wishes(order), truth.get(str(order.home)))
        for order in day.clear
        if str(order.home) not in TRUTH["open_homes"] and wishes(order) != truth.get(str(order.home))
    }
    assert wrong == {}


def test_nearly_every_clear_household_needs_no_person(day):
    clear = {str(order.home) for order in day.clear}
    missed = [home for home in TRUTH["households"] if home not in clear]
    assert len(missed) <= len(TRUTH["households"]) * 0.03


def test_what_only_a_person_can_settle_waits_for_one(day):
    waiting = {(line.source.file, line.raw.split("|")[0].strip()) for line in day.doubtful}
    asked = [row for row in TRUTH["needs_person"] if row["file"] == "chain.txt"]
    found = [row for row in asked if any(words and words in row["text"] for file, words in waiting)]
    assert len(found) >= len(asked) - 1


def test_leaders_totals_are_checks_and_no_orders(day):
    assert {total.line.raw[:4] for total in day.reading.totals if not total.agrees} >= {"5栋汇总"}
    assert not any(order.home.room == "" for order in day.orders)


def test_all_sheets_add_up_to_the_same_goods_and_money(packed, offer):
    pack, plan, sharing = packed
    got = quantities(pack.bags)
    assert got == {
        code: total
        for code in (good.code for good in offer.goods)
        if (
            total := sum(
                (g.got for gots in sharing.got.values() for g in gots if g.good.code == code), Decimal(0)
            )
        )
    }
    assert sorted(bag.code for bag in pack.bags) == sorted({bag.code for bag in pack.bags})
    carried = [bag for cart in plan.carts for bag in cart.bags]
    assert sorted(carried) == list(range(len(pack.bags)))
    goods = {good.code: good for good in offer.goods}
    assert money(pack.bags, goods).due_fen == sum(due_fen(bag, goods) for bag in pack.bags)
    for code, cases in sharing.cases.items():
        size = goods[code].case_size
        assert cases.cases * size == got.get(code, 0) + cases.spare


def test_a_short_good_is_shared_within_its_stock_with_a_reason_for_everybody(packed, offer):
    pack, _, sharing = packed
    stock = read_stock(FOLDER / "stock.yaml", offer)
    for code, units in stock.items():
        assert quantities(pack.bags)[code] <= units
        if sum(got.wished for gots in sharing.got.values() for got in gots if got.good.code == code) > units:
            assert any(shortage.good == code for shortage in pack.shortages)
    assert all(shortage.reason and shortage.got < shortage.wished for shortage in pack.shortages)


def test_one_cart_carries_the_number_of_its_unit(packed, compound):
    pack, _, _ = packed
    units = [(unit.building, unit.name) for building in compound.buildings for unit in building.units]
    assert len(units) == 24
    regular = [bag for bag in pack.bags if bag.cart <= 24]
    assert len(regular) > len(pack.bags) * 0.8
    assert all(units[bag.cart - 1] == (bag.home.building, bag.home.unit) for bag in regular)


def run(*arguments: str, expect: int) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == expect, result.output
    return result.output


def arguments(folder: Path) -> list[str]:
    return [
        *("sheets", str(folder / "chain.txt"), str(folder / "kuaituantuan.xlsx")),
        *("--compound", str(folder / "compound.yaml"), "--offer", str(folder / "offer.yaml")),
        *(
            "--stock",
            str(folder / "stock.yaml"),
            "-o",
            str(folder / "papers"),
            "--workers",
            "1",
            "--lang",
            "en",
        ),
    ]


@pytest.fixture
def own_copy(tmp_path):
    for name in (
        "chain.txt",
        "kuaituantuan.xlsx",
        "compound.yaml",
        "roster.xlsx",
        "offer.yaml",
        "stock.yaml",
    ):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    return tmp_path


def test_answers_settle_doubts_and_are_remembered(own_copy):
    run(*arguments(own_copy), expect=3)
    review = own_copy / "papers" / "review.xlsx"
    book = openpyxl.load_workbook(review)
    sheet = book.active
    before = sheet.max_row - 1
    assert before >= 10
    for row in sheet.iter_rows(min_row=2):
        row[5].value = "作废"
    filled = own_copy / "answered.xlsx"
    book.save(filled)
    run(*arguments(own_copy), "--review", str(filled), expect=0)
    assert openpyxl.load_workbook(review).active.max_row <= 2
    run(*arguments(own_copy), expect=0)


def test_codes_stay_the_same_from_run_to_run(own_copy):
    codes = []
    for _ in range(2):
        run(*arguments(own_copy), expect=3)
        files = sorted((own_copy / "papers" / "csv").glob("*.csv"))
        codes.append([_all_but_the_minute(file) for file in files])
    assert codes[0] == codes[1]
    assert all(codes[0])


def _all_but_the_minute(file: Path) -> list[list[str]]:
    """What a sheet says, without the minute it was printed in."""
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    return [row for row in rows if row[:1] != ["Printed"]]


def test_a_folder_with_other_files_is_not_touched(own_copy):
    (own_copy / "papers").mkdir()
    (own_copy / "papers" / "mine.txt").write_text("mine")
    output = run(*arguments(own_copy), expect=4)
    assert "other files" in output
    assert [file.name for file in (own_copy / "papers").iterdir()] == ["mine.txt"]


def test_bad_input_leaves_nothing_behind(own_copy):
    (own_copy / "kuaituantuan.xlsx").write_bytes(b"no workbook at all")
    run(*arguments(own_copy), expect=4)
    assert not (own_copy / "papers").exists()
    assert not list(own_copy.glob(".papers*"))


def test_a_stale_preview_is_refused(own_copy):
    output = run(*arguments(own_copy), "--confirm", "0123456789abcdef", expect=4)
    assert "no longer" in output
