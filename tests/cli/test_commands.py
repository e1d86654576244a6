"""What the commands promise: their JSON, their exit codes, one sentence for bad input."""

import json

import pytest
from click.testing import CliRunner, Result

from lastmetre.cli.main import main

COMPOUND = """\
name: 江南春城
buildings:
  - {name: A座, floors: 18}
  - {name: C1栋, floors: 6, units: [1, 2]}
  - {name: 9号楼, floors: 6}
"""
OFFER = """\
title: 第一批
goods:
  - {code: A, name: 蔬菜包, price_yuan: 30, weight_g: 3000, case_size: 10}
  - {code: B, name: 鸡蛋, unit: 板, price_yuan: 24}
  - {code: T, name: 土豆, unit: 斤, price_yuan: 2}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "compound.yaml").write_text(COMPOUND, "utf-8")
    (tmp_path / "offer.yaml").write_text(OFFER, "utf-8")
    return tmp_path


def run(*arguments, given: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given)


def sheets(folder, text: str, *more) -> Result:
    (folder / "chain.txt").write_text(text, "utf-8")
    files = ("--compound", folder / "compound.yaml", "--offer", folder / "offer.yaml")
    where = ("-o", folder / "out", "--workers", "1", "--lang", "en")
    return run("sheets", folder / "chain.txt", *files, *where, *more)


def lines_of(folder, text: str) -> list[dict]:
    files = ("--compound", folder / "compound.yaml", "--offer", folder / "offer.yaml")
    return json.loads(run("read", "-", "--json", *files, given=text).output)["lines"]


def test_read_prints_the_documented_json():
    result = run("read", "-", "--json", given="2、12号楼2单元301 王阿姨 鸡蛋1份 青菜包2份 已付")
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert set(found) >= {"lines", "totals", "hash"}
    (line,) = found["lines"]
    assert (line["seq"], line["who"], line["action"], line["paid"], line["proxy"]) == (
        2,
        "王阿姨",
        "order",
        "claimed",
        False,
    )
    assert {key: line["place"][key] for key in ("text", "building", "unit", "room")} == {
        "text": "12号楼2单元301",
        "building": "12",
        "unit": "2",
        "room": "301",
    }
    assert [(item["name"], item["qty"], item["unit"], item["qty_stated"]) for item in line["items"]] == [
        ("鸡蛋", 1, "份", True),
        ("青菜包", 2, "份", True),
    ]
    assert line["review"] == []


def test_read_says_each_doubt_in_the_language_asked_for():
    spoken = {}
    for lang in ("zh", "en"):
        result = run("read", "-", "--json", "--lang", lang, given="4-602还有吗？有的话要2份")
        (doubt,) = json.loads(result.output)["lines"][0]["review"]
        spoken[lang] = (doubt["code"], doubt["message"])
    assert spoken["zh"][0] == spoken["en"][0]
    assert spoken["zh"][1] != spoken["en"][1]


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("A座1203 A1", "A-1203"),
        ("A-1203 A1", "A-1203"),
        ("C1-2-602 A1", "C1-2-602"),
        ("C1栋2单元602 A1", "C1-2-602"),
        ("9-301 A1", "9-301"),
    ],
)
def test_buildings_may_be_called_as_they_are_called(folder, text, home):
    (line,) = lines_of(folder, text)
    assert line["review"] == []
    assert line["home"].replace("座", "").replace("栋", "").replace("号楼", "") == home


def test_what_a_household_does_not_want_is_not_ordered(folder):
    (line,) = lines_of(folder, "9-301 蔬菜包一份不要土豆")
    assert [(item["good"], item["qty"]) for item in line["items"]] == [("A", 1)]


def test_a_case_that_is_not_full_is_ordered_unless_told_otherwise(folder):
    assert sheets(folder, "1. 9-301 A2\n2. 9-302 A2").exit_code == 0
    assert "4 bags" not in (plenty := sheets(folder, "1. 9-301 A2\n2. 9-302 A2")).output
    assert "2 bags" in plenty.output
    assert "Short" in sheets(folder, "1. 9-301 A2\n2. 9-302 A2", "--last-case", "full").output


def test_answers_reach_the_good_they_are_about(folder):
    import openpyxl

    assert sheets(folder, "1. 9-301 要一份大白菜 一板蛋 土豆2斤").exit_code == 3
    book = openpyxl.load_workbook(folder / "out" / "review.xlsx")
    rows = {row[3].value: row[5] for row in book.active.iter_rows(min_row=2)}
    assert len(rows) == 2
    for question, cell in rows.items():
        cell.value = "蔬菜包" if "大白菜" in question else "鸡蛋"
    book.save(folder / "out" / "review.xlsx")
    assert sheets(folder, "1. 9-301 要一份大白菜 一板蛋 土豆2斤").exit_code == 0
    csvs = "".join(path.read_text("utf-8-sig") for path in sorted((folder / "out" / "csv").glob("*.csv")))
    assert all(name in csvs for name in ("蔬菜包", "鸡蛋", "土豆"))


def test_a_wrong_address_moves_with_its_correction(folder):
    text = "1. 9-301 A1\n2. 9-302 B1\n9-302 地址写错了，应该是9-402"
    assert sheets(folder, text).exit_code == 0
    csvs = "".join(path.read_text("utf-8-sig") for path in sorted((folder / "out" / "csv").glob("*.csv")))
    assert "402" in csvs
    assert "302" not in csvs


def test_a_correction_of_nobodys_order_is_asked_about(folder):
    assert sheets(folder, "1. 9-301 A1\n不是9-501，是9-502").exit_code == 3


def test_another_compounds_orders_are_refused(folder):
    result = sheets(folder, "\n".join(f"{n}. {n + 20}-{n}01 A1" for n in range(1, 8)))
    assert result.exit_code == 4
    assert "compound file" in result.output
    assert not (folder / "out").exists()


@pytest.mark.parametrize("option", ["--compound", "--offer", "--stock", "--review", "--credits"])
def test_a_file_that_is_not_there_is_named(folder, option):
    result = sheets(folder, "1. 9-301 A1", option, folder / "nope.yaml")
    assert result.exit_code == 4
    assert "nope.yaml" in result.output


def test_compare_finds_what_changed_and_nothing_else(tmp_path):
    (tmp_path / "first.txt").write_text("1. 3-501 A1\n2. 3-502 B2\n3. 3-503 A1", "utf-8")
    (tmp_path / "later.txt").write_text("1、3-501，A1\n2、3-502 B3\n3、4-101 A2", "utf-8")
    result = run("compare", tmp_path / "first.txt", tmp_path / "later.txt", "--lang", "en")
    assert result.exit_code == 0
    assert "1 added, 1 changed, 1 gone, 1 unchanged" in result.output


def test_accepting_a_reading_that_lacks_its_good_loses_nothing(folder):
    import openpyxl

    text = "1. 9-301 大白菜一份 鸡蛋2板"
    assert sheets(folder, text).exit_code == 3
    book = openpyxl.load_workbook(folder / "out" / "review.xlsx")
    for row in book.active.iter_rows(min_row=2):
        row[5].value = "确认"
    book.save(folder / "out" / "review.xlsx")
    again = sheets(folder, text)
    assert again.exit_code == 3
    assert "0 bags" in again.output
