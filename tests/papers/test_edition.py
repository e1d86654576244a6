"""Order, counts and words on the papers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rounds_of_goods import pack

from lastmetre.papers.edition import Edition, Position, plain, yuan
from lastmetre.papers.labels import labels, pieces
from lastmetre.papers.pack import Bag, BagItem, LabelPer, Pack
from lastmetre.terms import Good, Home

CHINESE = {
    "Bag {number} of {count}": "总{number}/{count}",
    "Piece {number} of {count}": "总{number}/{count}",
    "{total} (building {here})": "{total}（本楼{here}）",
    "Building {building}": "{building}栋",
    "Unit {unit}": "{unit}单元",
}


def chinese(message: str) -> str:
    return CHINESE[message]


def bag(building: str, room: str, *items: BagItem, cart: int | None = None, carry: int = 0) -> Bag:
    return Bag(Home(building, "", room), items, f"{building}{room}", "", cart=cart, carry=carry)


def edition(*bags: Bag) -> Edition:
    goods = (
        Good("A", "牛奶", specification="250ml"),
        Good("B", "牛奶", specification="1L"),
        Good("C", "猪肉", unit="斤"),
    )
    return Edition(Pack("丽城", "第三批", "今天", bags, goods), chinese)


def test_rooms_are_sorted_as_numbers() -> None:
    found = edition(
        bag("10", "101"), bag("9", "1701"), bag("9", "201"), bag("友园2", "101"), bag("9", "1002")
    )
    assert [str(one.home) for one in found.bags] == ["9-201", "9-1002", "9-1701", "10-101", "友园2-101"]


def test_a_missing_label_shows() -> None:
    found = edition(bag("3", "101"), bag("3", "102"), bag("4", "101"))
    counts = [label.count for label in labels(found, LabelPer.HOUSEHOLD)]
    assert counts == ["总1/3（本楼1/2）", "总2/3（本楼2/2）", "总3/3（本楼1/1）"]


def test_one_building_is_not_counted_twice() -> None:
    assert edition().count(Position(1, 25, 1, 25)) == "总1/25"


def test_item_labels_count_the_pieces_of_their_good() -> None:
    found = edition(
        bag("3", "101", BagItem("A", Decimal(2)), BagItem("C", Decimal(3))),
        bag("4", "101", BagItem("A", Decimal(1)), BagItem("C", Decimal("1.5"))),
    )
    shown = [
        (str(label.bag.home), label.items[0].good, label.items[0].qty, label.count)
        for label in labels(found, LabelPer.ITEM)
    ]
    assert shown == [
        ("3-101", "A", 1, "总1/3（本楼1/2）"),
        ("3-101", "A", 1, "总2/3（本楼2/2）"),
        ("4-101", "A", 1, "总3/3（本楼1/1）"),
        ("3-101", "C", 3, "总1/2（本楼1/1）"),  # three 斤 of pork are one piece
        ("4-101", "C", Decimal("1.5"), "总2/2（本楼1/1）"),
    ]


def test_what_is_weighed_or_not_whole_is_one_piece() -> None:
    assert pieces(BagItem("A", Decimal(3)), "盒") == 3
    assert pieces(BagItem("A", Decimal(3)), "斤") == 1
    assert pieces(BagItem("A", Decimal("2.5")), "盒") == 1


def test_carts_carry_in_their_order_top_floor_first() -> None:
    found = edition(
        bag("3", "101", cart=2, carry=3),
        bag("3", "201", cart=2, carry=2),
        bag("3", "301", cart=2, carry=1),
        bag("4", "101", cart=1),
        bag("5", "101"),
    )
    carts = [[str(one.home) for one in bags] for bags in found.carts.values()]
    assert carts == [["4-101"], ["3-301", "3-201", "3-101"], ["5-101"]]


def test_goods_of_one_name_are_told_apart() -> None:
    found = edition()
    assert found.item(BagItem("A", Decimal(2), "要冰的")) == "A 牛奶（250ml）×2份（要冰的）"
    assert found.item(BagItem("C", Decimal("1.50"))) == "C 猪肉×1.5斤"


def test_buildings_are_said_as_they_are_called() -> None:
    found = edition()
    assert found.building("3") == "3栋"
    assert found.building("友园12") == "友园12"
    assert found.stairwell(Home("3", "2", "501")) == "3栋 2单元"


def test_numbers_as_people_write_them() -> None:
    assert [plain(Decimal(text)) for text in ("2.0", "1.50", "0", "100", "1E+2")] == [
        "2",
        "1.5",
        "0",
        "100",
        "100",
    ]
    assert [yuan(fen) for fen in (0, 5, 3990, 123456, -700)] == ["0.00", "0.05", "39.90", "1,234.56", "-7.00"]


def test_a_pack_at_odds_with_itself_is_refused() -> None:
    base = pack(2)
    with pytest.raises(ValueError, match="not among the goods"):
        replace(base, bags=(replace(base.bags[0], items=(BagItem("Z", Decimal(1)),)),))
    with pytest.raises(ValueError, match="one code"):
        replace(base, bags=(base.bags[0], base.bags[0]))


def test_names_can_be_printed_whole_where_the_work_needs_them() -> None:
    one = replace(pack(1).bags[0], name="王小明", phone="13812345678")
    masked = Edition(replace(pack(1), bags=(one,)))
    assert masked.name(one) == "王**"
    assert masked.who(one) == "王**  tel. …5678"
    assert Edition(masked.pack, name_masked=False).name(one) == "王小明"
