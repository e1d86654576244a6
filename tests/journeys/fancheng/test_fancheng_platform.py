"""Fancheng's mode B (FC3): a platform's own link for the compound, its export merged, paid before it is packed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from journey_day import HOUR, Day, everybody_answered, squared
from journey_town import Good, build
from test_orders_intake_pages import HEADERS
from way_to_the_door import fetched_by_number, packed_by_the_shop, to_the_gate

from lastmetre.chain.ledger.queries.balances import totals
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.ground.goods.rules import SupplierKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as

GOODS = (
    Good("蔬菜包", "蔬菜包", "vegetables", "39.90", 4000),
    Good("牛奶", "牛奶", "milk", "45.00", 3000, case_size=12),
)
LINK = "https://platform.example/hanjiang"
ROWS = [
    ("1-1-101", "蔬菜包", 1), ("1-1-101", "牛奶", 1), ("1-1-201", "牛奶", 2), ("1-2-101", "蔬菜包", 2),
    ("2-1-101", "蔬菜包", 1), ("2-2-101", "牛奶", 3), ("3-1-101", "蔬菜包", 1), ("3-2-201", "牛奶", 5),
]  # fmt: skip


@pytest.fixture
def day(db: None) -> Day:
    """Three buildings with the link of one of the six platforms (FC1)."""
    seller = {"优选平台": (SupplierKind.PLATFORM, GOODS)}
    with acting_as(SYSTEM) as now:
        town = build("汉江嘉苑", {"1": 2, "2": 2, "3": 2}, 2, seller, now)
    return Day(town, "优选平台")


def export(rows: list[tuple[str, str, int]]) -> bytes:
    """The platform's own workbook, one row an item."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("顾客购买表")
        sheet.write_row(0, 0, HEADERS)
        for line, (door, good, quantity) in enumerate(rows, start=1):
            cells = {"跟团号": str(line), "商品": good, "数量": quantity, "收货人": "王芳", "下单人": "王芳"}
            cells |= {"详细地址": door, "联系电话": "13800000000"}
            for header, value in cells.items():
                sheet.write(line, HEADERS.index(header), value)
    return out.getvalue()


def test_what_the_platform_exports_comes_to_the_doors_and_balances(day: Day, tmp_path: Path) -> None:
    day.begin(
        GOODS, mode="platform", link=LINK, pay_rule="before_packing", pay_until=day.town.now + 10 * HOUR
    )
    merged_twice(day)
    day.cut_and_share()
    paid_on_the_platform(day, tmp_path)
    packed_by_the_shop(day)
    assert "3-1-101" not in day.bags(), "unpaid, so not packed (FC2d)"
    to_the_gate(day)
    fetched_by_number(day, misses="1-1-101", stays="2-1-101")
    day.carry_on()
    day.close()
    assert squared(day)["lost"] == 0
    assert everybody_answered(day) == 7


def merged_twice(day: Day) -> None:
    """The export is given twice: a second one that says the same changes nothing."""
    for _ in range(2):
        day.paste(file=SimpleUploadedFile("顾客购买表.xlsx", export(ROWS)))
    assert day.doubts() == []


def paid_on_the_platform(day: Day, folder: Path) -> None:
    """Its bill confirms everybody by door and amount; one has not paid and leaves the batch."""
    billed = sum(day.due().values())
    late = day.due()[day.town.home["3-1-101"].pk]
    day.paid_by_app(folder, but=["3-1-101"])
    day.drop("3-1-101")
    assert day.due() == {}
    with acting_as(SYSTEM):
        assert totals(day.row.book)[AccountKind.RECEIVED, None] == billed - late
