"""The demo is what it says: the counts of the source, invented people, and a truth that fits its files."""

import json
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml

from lastmetre import scenarios
from lastmetre.scenarios.erqi import generate

ERQI = scenarios.folder("erqi")
TRUTH = json.loads((ERQI / "truth.json").read_text(encoding="utf-8"))
CHAT = (ERQI / "chain.txt").read_text(encoding="utf-8").split("\n")


def cells(path: Path) -> dict[str, tuple[list[tuple[object, ...]], set[str]]]:
    """Every sheet's values and merged ranges."""
    book = openpyxl.load_workbook(path)
    return {
        page.title: (
            list(page.iter_rows(values_only=True)),
            {str(found) for found in page.merged_cells.ranges},
        )
        for page in book
    }


@pytest.fixture(scope="module")
def compound() -> dict:
    return yaml.safe_load((ERQI / "compound.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def roster() -> list[tuple]:
    return cells(ERQI / "roster.xlsx")["住户"][0]


@pytest.fixture(scope="module")
def workbook() -> dict:
    return cells(ERQI / "kuaituantuan.xlsx")


def test_scenarios_are_listed_with_their_folder():
    assert "erqi" in scenarios.names()
    assert (scenarios.folder("erqi") / "chain.txt").is_file()
    with pytest.raises(KeyError):
        scenarios.folder("nowhere")


def test_the_compound_has_8_buildings_and_24_units(compound):
    assert len(compound["buildings"]) == 8
    assert sum(len(building["units"]) for building in compound["buildings"]) == 24
    lifts = {building["floors"]: building["lift"] for building in compound["buildings"]}
    assert lifts == {18: True, 6: False}


def test_the_roster_lives_in_the_compound(compound, roster):
    header, *people = roster
    assert header == ("楼栋", "单元", "房号", "楼层", "姓名", "电话", "人数")
    assert 680 <= len(people) <= 720
    assert len({row[:3] for row in people}) == len(people)
    floors = {building["name"]: building["floors"] for building in compound["buildings"]}
    for building, unit, room, floor, name, _, _ in people:
        assert floor == room // 100
        assert 1 <= floor <= floors[building]
        assert unit == (room % 100 + 1) // 2
        assert name
    counts = [row[6] for row in people if row[6] is not None]
    assert set(counts) == {1, 2, 3, 4, 5, 6}
    assert sum(counts) / len(counts) == pytest.approx(2.6, abs=0.15)


def test_a_bare_building_and_room_names_one_home(roster):
    homes = [(building, room) for building, _, room, *_ in roster[1:]]
    assert len(set(homes)) == len(homes)


def test_every_home_of_the_truth_is_on_the_roster(roster):
    homes = {"-".join(map(str, row[:3])) for row in roster[1:]}
    assert set(TRUTH["households"]) <= homes
    assert set(TRUTH["open_homes"]) <= homes
    assert not set(TRUTH["households"]) & set(TRUTH["open_homes"])


def test_every_unit_gets_something():
    assert len({home.rsplit("-", 1)[0] for home in TRUTH["households"]}) == 24


def test_nobody_real_can_be_called(roster, workbook):
    texts = ["\n".join(CHAT)]
    for rows in (roster, workbook["顾客购买表"][0]):
        texts += [str(cell) for row in rows for cell in row if cell is not None]
    numbers = {number for text in texts for number in re.findall(r"(?<!\d)1\d{10}(?!\d)", text)}
    assert len(numbers) > 600
    assert {number[:7] for number in numbers} == {"1380000"}


def test_only_eggs_are_short():
    stock = yaml.safe_load((ERQI / "stock.yaml").read_text(encoding="utf-8"))
    wanted = {code: Decimal(qty) for code, qty in TRUTH["totals"].items()}
    assert stock.keys() == wanted.keys()
    assert [code for code in wanted if wanted[code] > stock[code]] == ["E"]


def test_case_goods_can_be_rounded_up_within_the_stock():
    stock = yaml.safe_load((ERQI / "stock.yaml").read_text(encoding="utf-8"))
    offer = yaml.safe_load((ERQI / "offer.yaml").read_text(encoding="utf-8"))
    sizes = {good["code"]: good["case_size"] for good in offer["goods"] if "case_size" in good}
    assert len(sizes) >= 5
    for code, size in sizes.items():
        assert stock[code] % size == 0
        if code != "E":
            assert -(-Decimal(TRUTH["totals"][code]) // size) * size <= stock[code]


def test_lines_for_a_person_are_where_the_truth_says(workbook):
    in_chat = [found for found in TRUTH["needs_person"] if found["file"] == "chain.txt"]
    in_workbook = [found for found in TRUTH["needs_person"] if found["file"] == "kuaituantuan.xlsx"]
    assert 10 <= len(in_chat) <= 13
    assert 3 <= len(in_workbook) <= 5
    for found in in_chat:
        assert CHAT[found["line"] - 1] == found["text"]
    rows = workbook["顾客购买表"][0]
    for found in in_workbook:
        assert rows[found["line"] - 1][3] == found["text"]


def test_every_line_of_the_chat_is_accounted_for():
    named = [line for lines in TRUTH["kinds"].values() for line in lines] + TRUTH["superseded"]
    assert sorted(named) == [number for number, text in enumerate(CHAT, start=1) if text]
    assert len(TRUTH["superseded"]) > 30


def test_two_leaders_counted_right_and_one_wrong():
    assert [total["agrees"] for total in TRUTH["control_totals"]] == [True, True, False]
    words = {"蔬菜包": "A", "肉蛋包": "B", "菜包": "A", "鸡蛋": "E", "豆腐": "H"}
    for total in TRUTH["control_totals"]:
        text = CHAT[total["line"] - 1]
        assert text == total["text"]
        building, body = text[0], text[1:]
        stated = re.findall(r"([A-D]|蔬菜包|肉蛋包|菜包|鸡蛋|豆腐) ?(\d+)", body)
        assert len(stated) >= 2
        counted = {
            code: sum(
                Decimal(order["goods"].get(code, 0))
                for home, order in TRUTH["households"].items()
                if home.startswith(f"{building}-")
            )
            for code in "ABCDEH"
        }
        if total["agrees"]:  # these buildings order in the chat alone, and none of their homes is open
            assert all(counted[words.get(name, name)] == int(number) for name, number in stated)


def test_the_workbook_has_the_layout_of_the_export(workbook):
    assert list(workbook) == ["顾客购买表", "商品汇总表", "服务小区商品汇总表", "说明"]
    header = workbook["顾客购买表"][0][0]
    assert len(header) == 24
    assert (header[0], header[3], header[10], header[-1]) == ("下单人", "跟团号", "订单金额", "弄号（如168）")


def test_an_orders_total_is_on_its_first_row(workbook):
    rows = workbook["顾客购买表"][0][1:]
    starts = [i for i, row in enumerate(rows) if row[19] and (i == 0 or rows[i - 1][3] != row[3])]
    assert len(starts) == 79
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        assert sum(row[7] for row in rows[start:end]) == pytest.approx(rows[start][10])
        for row in rows[start + 1 : end]:
            assert row[10] in (None, 0, rows[start][10])
    strays = [row[3] for row in rows if row[3] not in {rows[start][3] for start in starts}]
    assert len(strays) == 1


def test_the_summary_sheets_add_up(workbook):
    rows = workbook["顾客购买表"][0][1:]
    for row in workbook["商品汇总表"][0][1:]:
        bought = [line for line in rows if line[4] == f"{row[2]}({row[5]})"]
        assert sum(line[6] for line in bought) == row[9]
        assert sum(line[7] for line in bought) == pytest.approx(row[11])
    summary = workbook["服务小区商品汇总表"][0][1]
    assert summary[11] == sum(row[6] for row in rows) == sum(summary[12:])
    assert summary[9] == pytest.approx(sum(row[7] for row in rows))


def test_regenerating_gives_the_committed_files(tmp_path):
    generate.write(tmp_path)
    for name in ("chain.txt", "truth.json"):
        assert (tmp_path / name).read_bytes() == (ERQI / name).read_bytes()
    for name in ("roster.xlsx", "kuaituantuan.xlsx"):
        assert cells(tmp_path / name) == cells(ERQI / name)
        # Packed archives may differ between versions of the compressor: their cells may not.
    assert {path.name for path in tmp_path.iterdir()} == {
        "chain.txt",
        "truth.json",
        "roster.xlsx",
        "kuaituantuan.xlsx",
    }


def test_another_seed_writes_another_chat(tmp_path):
    generate.write(tmp_path, seed=7)
    assert (tmp_path / "chain.txt").read_bytes() != (ERQI / "chain.txt").read_bytes()


def test_generating_twice_is_identical_to_the_byte(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        generate.write(folder)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
