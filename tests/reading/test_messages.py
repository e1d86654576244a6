"""What a message wants is told apart, and whom it is for; what it does not say becomes a doubt."""

from __future__ import annotations

import pytest
from compound_of_the_tests import PHONE, codes, only_line, parts, said

from lastmetre.reading.texts import read_text
from lastmetre.terms import Action, Change


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("3-501 鸡蛋2板", Action.ORDER),
        ("3-501 有机青菜2份", Action.ORDER),
        ("3-501 要2份", Action.ORDER),
        ("3-501 送到门口 鸡蛋1板", Action.ORDER),
        ("@团长 3-501 鸡蛋2板", Action.ORDER),
        ("3-501 鸡蛋改成3板", Action.AMEND),
        ("3-501 再加1板鸡蛋", Action.AMEND),
        ("3-501 追加牛奶1箱", Action.AMEND),
        ("3-501 鸡蛋不要了", Action.AMEND),
        ("3-501 少要一板鸡蛋", Action.AMEND),
        ("3-501 A换成B", Action.AMEND),
        ("3-501 取消", Action.CANCEL),
        ("3-501不要了", Action.CANCEL),
        ("不要了谢谢 4-302", Action.CANCEL),
        ("@团长 3-501 取消订单", Action.CANCEL),
        ("刚才接错了，是11-602不是11-206", Action.ADDRESS),
        ("地址写错了，应该是3-502", Action.ADDRESS),
        ("4-602还有鸡蛋吗？", Action.QUESTION),
        ("鸡蛋多少钱一板？", Action.QUESTION),
        ("什么时候送到", Action.QUESTION),
        ("3-501 鸡蛋烂了两个", Action.COMPLAINT),
        ("3-501 青菜都蔫了，要退款", Action.COMPLAINT),
        ("3-501 没收到鸡蛋", Action.SHORTAGE),
        ("3-501 鸡蛋少了1板", Action.SHORTAGE),
        ("3-501 收到，少一份鸡蛋", Action.SHORTAGE),
        ("3号楼合计：鸡蛋12板 青菜7份", Action.TOTAL),
        ("15#合计：A 12 B 7", Action.TOTAL),
        ("各位邻居，明天上午送菜", Action.NOTICE),
        ("收到", Action.NONE),
        ("好的，谢谢团长", Action.NONE),
        ("👍", Action.NONE),
        ("3-501 收到，谢谢", Action.NONE),
    ],
)
def test_what_a_message_wants_is_told(text: str, action: Action) -> None:
    assert only_line(text).action is action


@pytest.mark.parametrize(
    "text", ["4-602还有鸡蛋吗？", "3-501 鸡蛋烂了两个", "3-501 没收到鸡蛋", "3-501 取消", "收到"]
)
def test_what_is_no_order_orders_nothing_and_is_kept_in_its_words(text: str) -> None:
    line = only_line(text)
    assert (line.items, line.note, line.raw) == ((), text, text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3-501 鸡蛋改成3板", [("鸡蛋 3板", Change.SET)]),
        ("3-501 鸡蛋减到1板", [("鸡蛋 1板", Change.SET)]),
        ("3-501 再加1板鸡蛋", [("鸡蛋 1板", Change.ADD)]),
        ("3-501 再来一份青菜", [("青菜 1份", Change.ADD)]),
        ("3-501 鸡蛋减1板", [("鸡蛋 1板", Change.REMOVE)]),
        ("3-501 少要一板鸡蛋", [("鸡蛋 1板", Change.REMOVE)]),
        ("3-501 鸡蛋不要了", [("鸡蛋 0份", Change.SET)]),
        ("3-501 A换成B2份", [("A 0份", Change.SET), ("B 2份", Change.SET)]),
        ("3-501 加一板鸡蛋，青菜不要了", [("鸡蛋 1板", Change.ADD), ("青菜 0份", Change.SET)]),
        ("3-501 A改成2份 B不要了", [("A 2份", Change.SET), ("B 0份", Change.SET)]),
        ("3-501 把2份A改成1份B", [("A 0份", Change.SET), ("B 1份", Change.SET)]),
    ],
)
def test_a_change_sets_adds_or_removes(text: str, read: list[tuple[str, Change]]) -> None:
    line = only_line(text)
    assert [(said([item]), item.change) for item in line.items] == read
    assert codes(line) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3-501 改成3份", "amends_what"),
        ("3-501改成3份，鸡蛋不要了", "amends_what"),
        ("3-501 青菜换成土豆", "swap"),
        ("3-501 退掉鸡蛋", "drop_or_refund"),
        ("取消", "no_home"),
        ("地址写错了，应该是3号楼", "address_unclear"),
        ("3-501 少一份鸡蛋", "less_wanted_or_received"),
        ("3-501 鸡蛋2板还有吗", "question_and_order"),
        ("3-501 跟老王一样", "same_as_what"),
        ("3-501 同上", "same_as_what"),
        ("+1", "nobody"),
        ("3-501 帮隔壁502带1份A", "proxy_home"),
        ("3-501 3-502 鸡蛋2板", "each_or_together"),
    ],
)
def test_what_a_message_leaves_open_is_doubted(text: str, code: str) -> None:
    assert all(code in codes(line) for line in read_text(text).lines)


def test_a_corrected_address_says_the_right_and_the_wrong_one() -> None:
    for text in ("刚才接错了，是11-602不是11-206", "不是11-206，是11-602", "房号写错了 11-206改成11-602"):
        line = only_line(text)
        assert parts(line.place) == "11--602", text
        assert line.details["from"] == {"building": "11", "unit": None, "room": "206"}


def test_a_shortage_names_what_is_missing() -> None:
    missing = only_line("3-501 收到，少一份鸡蛋").details["missing"]
    assert missing == [{"name": "鸡蛋", "qty": 1.0, "unit": "份"}]


@pytest.mark.parametrize(
    "claim", ["已付", "已转50元", "，钱转了", "（已付款）", "已付20", "已支付", "转账了"]
)
def test_a_claim_of_payment_is_a_claim_and_no_good(claim: str) -> None:
    line = only_line(f"3-501 鸡蛋2板{claim}")
    assert line.paid_claimed
    assert (said(line.items), codes(line)) == ("鸡蛋 2板", set())


def test_who_does_not_speak_of_money_claims_nothing() -> None:
    assert not only_line("3-501 鸡蛋2板").paid_claimed
    assert not only_line("付了吗？").paid_claimed


@pytest.mark.parametrize("typed", [PHONE, "138 0000 1234", "138-0000-1234", f"+86{PHONE}"])
def test_a_phone_number_is_no_good_and_no_address(typed: str) -> None:
    for text in (f"7-2-903 王阿姨 {typed} 鸡蛋2板", f"{typed} 7-2-903 王阿姨 鸡蛋2板"):
        line = only_line(text)
        assert (line.phone, parts(line.place)) == (PHONE, "7-2-903")
        assert said(line.items) == "鸡蛋 2板"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("3-501 王阿姨 鸡蛋2板", "王阿姨"),
        ("王阿姨 3-501 鸡蛋2板", "王阿姨"),
        ("老王3-501 鸡蛋2板", "老王"),
        ("3-501老王 鸡蛋2板", "老王"),
        ("3-501（张三）鸡蛋2板", "张三"),
        ("3-501 外婆 鸡蛋2板", "外婆"),
        ("老王：3-501 鸡蛋2板", "老王"),
        ("3-501 白菜2颗 鸡蛋2板", ""),
        ("3-501 康师傅方便面1箱 鸡蛋2板", ""),
    ],
)
def test_titles_and_surnames_are_kept_as_typed(text: str, who: str) -> None:
    line = only_line(text)
    assert line.who == who
    assert said(line.items).endswith("鸡蛋 2板")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3-501 A1，5-602 B2", {"3--501": "A 1份", "5--602": "B 2份"}),
        ("3号楼501 A1 502 B2", {"3--501": "A 1份", "3--502": "B 2份"}),
        ("3-501、502 鸡蛋各2板", {"3--501": "鸡蛋 2板", "3--502": "鸡蛋 2板"}),
        ("3-501/502 鸡蛋各1板", {"3--501": "鸡蛋 1板", "3--502": "鸡蛋 1板"}),
        ("3-501～503 各1份A", {"3--501": "A 1份", "3--502": "A 1份", "3--503": "A 1份"}),
        ("3-501和5-602 各1份A", {"3--501": "A 1份", "5--602": "A 1份"}),
        ("1号楼 101 102 各一份；103两份", {"1--101": "套餐 1份", "1--102": "套餐 1份", "1--103": "套餐 2份"}),
        ("2单元全部：301A1 302A1B1", {"-2-301": "A 1份", "-2-302": "A 1份，B 1份"}),
        ("3-501　3-502　各2份A", {"3--501": "A 2份", "3--502": "A 2份"}),
    ],
)
def test_several_homes_in_a_message_get_a_line_each(text: str, read: dict[str, str]) -> None:
    lines = read_text(text).lines
    assert {parts(line.place): said(line.items) for line in lines} == read
    assert len(lines) == len(read)


def test_homes_whose_parts_do_not_make_the_whole_are_doubted() -> None:
    assert not any(map(codes, read_text("1-101 A1 1-102 A2 共3份").lines))
    assert all("sum_differs" in codes(line) for line in read_text("1-101 A1 1-102 A2 共4份").lines)


@pytest.mark.parametrize(
    ("text", "home", "who"),
    [
        ("我是3-501，帮3-502王奶奶订1份A", "3--502", "王奶奶"),
        ("帮5-602订1份A", "5--602", ""),
        ("替3-502下单A1", "3--502", ""),
        ("帮邻居3-502买1份A", "3--502", ""),
    ],
)
def test_an_order_for_somebody_else_belongs_to_the_home_it_is_for(text: str, home: str, who: str) -> None:
    line = only_line(text)
    assert (parts(line.place), line.who, line.proxy) == (home, who, True)
    assert said(line.items) == "A 1份"


def test_a_helper_may_order_for_both_homes() -> None:
    own, other = read_text("3-501 A2 帮3-502李阿姨订B1").lines
    assert (parts(own.place), said(own.items), own.proxy) == ("3--501", "A 2份", False)
    assert (parts(other.place), said(other.items), other.proxy) == ("3--502", "B 1份", True)


@pytest.mark.parametrize("words", ["同上", "跟楼上一样", "和上面的一样"])
def test_the_same_as_above_is_the_order_above_for_the_home_that_asks(words: str) -> None:
    above, line = read_text(f"3-501 鸡蛋2板 青菜1份\n3-502 {words}").lines
    assert parts(line.place) == "3--502"
    assert line.items == above.items


def test_the_same_as_above_and_more() -> None:
    _, line = read_text("3-501 鸡蛋2板\n3-502 同上，青菜1份").lines
    assert said(line.items) == "鸡蛋 2板，青菜 1份"


def test_the_same_as_above_with_one_more() -> None:
    _, line = read_text("3-501 鸡蛋2板\n3-502 同上，再加青菜1份").lines
    assert said(line.items) == "鸡蛋 2板，青菜 1份"


@pytest.mark.parametrize(
    "text", ["3-501 鸡蛋2板 18:30", "3-501 鸡蛋2板 晚上6:30后在家", "18:30 送 3-501 鸡蛋2板"]
)
def test_a_time_in_an_order_does_not_lose_it(text: str) -> None:
    line = only_line(text)
    assert parts(line.place) == "3--501"
    assert said(line.items).startswith("鸡蛋 2板")


@pytest.mark.parametrize("text", ["随便聊聊", "1. 3-501 A1\n哈哈今天天气真好\n2. 3-502 A1"])
def test_chat_orders_nothing_without_a_doubt(text: str) -> None:
    assert all(line.place or line.doubts or not line.items for line in read_text(text).lines)
