"""What a careful clerk reads at a glance is read and not asked about; what nobody can mean is never proposed."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from lastmetre.reading.compounds import read_compound
from lastmetre.reading.offers import read_offer
from lastmetre.reading.reviews import doubt_key
from lastmetre.reading.sources import Round, read_file, read_round
from lastmetre.reading.texts import read_text
from lastmetre.scenarios import folder

ERQI = folder("erqi")
COMPOUND, OFFER = read_compound(ERQI / "compound.yaml"), read_offer(ERQI / "offer.yaml")


def read(text: str) -> Round:
    reading = read_text(text, compound=COMPOUND, offer=OFFER)
    return read_round([reading], compound=COMPOUND, offer=OFFER)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("2-1304 B x 1 鸡蛋：3板 馍：2袋", {"2-2-1304": {"B": 1, "E": 3, "J": 2}}),
        ("2-1304 鸡蛋：要2板", {"2-2-1304": {"E": 2}}),
        ("1. 2-1402 套餐C 1份 套餐D 2份", {"2-1-1402": {"C": 1, "D": 2}}),
        ("套餐A：2份 鸡蛋:1板 3-501", {"3-1-501": {"A": 2, "E": 1}}),
        ("1. 抽纸2，3-501", {"3-1-501": {"L": 2}}),
        ("1. B 3号楼501室", {"3-1-501": {"B": 1}}),
        ("1. 3-501 水果包3份（一份给奶奶，要熟的）", {"3-1-501": {"C": 3}}),
        ("1. 3-501 Bx2 瓶装水3箱", {"3-1-501": {"B": 2, "M": 3}}),
        ("1. 3-501 蔬菜包 + 豆腐～", {"3-1-501": {"A": 1, "H": 1}}),
        ("1. 我家和对门各一份B：5-1203 5-1204", {"5-2-1203": {"B": 1}, "5-2-1204": {"B": 1}}),
        ("1. 5-1504 我家A1，楼下5-1404李姨也是B1", {"5-2-1504": {"A": 1}, "5-2-1404": {"B": 1}}),
        (
            "248. 3-501 A1\n249.8号楼-3单元-406 Mr.何家 A+1/D+1",
            {"3-1-501": {"A": 1}, "8-3-406": {"A": 1, "D": 1}},
        ),
        ("1. 11603 鸡蛋1板 A2", {"1-2-1603": {"A": 2, "E": 1}}),
    ],
)
def test_it_is_read_and_not_asked_about(text: str, orders: dict[str, dict[str, int]]) -> None:
    found = read(text)
    assert not found.doubtful
    assert {str(one.home): {item.good: item.qty for item in one.items} for one in found.orders} == orders


@pytest.mark.parametrize(
    "text", ["29999 A2", "99999 包A2", "3-501 鸡蛋 30000", "3-501 鸡蛋29999板", "13999 抽纸1"]
)
def test_digits_that_are_no_amount_are_never_proposed_as_one(text: str) -> None:
    found = read(text)
    assert found.doubtful
    assert all(item.qty is None or item.qty < 100 for line in found.reading.lines for item in line.items)


def test_of_two_that_exclude_each_other_each_is_offered_with_all_else_and_yes_is_no_answer() -> None:
    text = "1. 3-501 鸡蛋1板 A或者B都行"
    (line,) = read(text).doubtful
    (doubt,) = line.doubts
    assert (doubt.code, doubt.suggestions) == ("either", ("鸡蛋1板 A1", "鸡蛋1板 B1"))
    for typed, left in (("确认", 1), (doubt.suggestions[1], 0)):
        reading = read_text(text, compound=COMPOUND, offer=OFFER)
        found = read_round([reading], compound=COMPOUND, offer=OFFER, answers={doubt_key(line, doubt): typed})
        assert len(found.doubtful) == left
    assert {item.good: item.qty for item in found.orders[0].items} == {"E": 1, "B": 1}


def test_a_row_of_a_workbook_is_read_aloud_with_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("序号", "楼号（如10）", "房号", "接龙内容"))
        page.write_row(1, 0, ("7", "3", "999", "鸡蛋2板"))
    reading, _, _ = read_file(path, compound=COMPOUND, offer=OFFER)
    assert [line.raw for line in reading.lines] == ["7 | 楼号 3 | 房号 999 | 接龙内容 鸡蛋2板"]
