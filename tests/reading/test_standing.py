"""An answer has only what it touches read anew: what comes of it is what a reading of the whole would say."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Mapping

from compound_of_the_tests import COMPOUND, OFFER
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.resolving import Resolver
from lastmetre.reading.reviews import doubt_key, review_key
from lastmetre.reading.sources import Round, read_round
from lastmetre.reading.standing import Standing
from lastmetre.reading.texts import read_text
from lastmetre.terms import Home, Order, OrderLine

ENTRIES = (
    "3-501 鸡蛋2板|3-501 再加青菜1份|3-502 A1 B2|3-501 取消|是3-502不是3-501|是3-501不是3-502|改成3份|+1|+1|501 鸡蛋两板|"
    "9-999 A1|"
    "老王 鸡蛋1板|3-502 大礼包1份|3-501 老样子来一份|我家A1，楼上3-502也是A1|3-502 青菜1份 鸡蛋20个|3-501 鸡蛋2板|"
    "悠悠 E1份|3-502 改成鸡蛋3板|5-602 五花肉60斤|5-602 牛奶一箱，水果些|还差2个"
).split("|")  # fmt: skip
REPLIES = ("确认", "作废", "3-501", "3-502", "5-602", "鸡蛋2板", "A1", "鸡蛋", "不知道")
RESOLVER = Resolver.of(COMPOUND, OFFER)


def doubts_of(read: Round) -> Counter[tuple[str, str, str]]:
    return Counter((line.raw, line.seq, repr(line.doubts)) for line in read.doubtful)


def orders_of(read: Round) -> dict[Home, Order]:
    return {order.home: order for order in read.orders}


def keys_of(line: OrderLine) -> list[str]:
    return [doubt_key(line, doubt) for doubt in line.doubts] + [
        review_key(line.raw, code, line.seq) for code in ("ordered_twice", "nothing_to_change", "moves_what")
    ]


def whole(lines: str, answers: Mapping[str, str]) -> tuple[Round, list[OrderLine]]:
    reading = read_text(lines, compound=COMPOUND, offer=OFFER)
    return read_round([reading], compound=COMPOUND, offer=OFFER, answers=answers), list(reading.lines)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=9), st.booleans(), st.data())
def test_what_answers_touch_comes_out_as_in_a_reading_of_the_whole(
    entries: list[str], numbered: bool, data: st.DataObject
) -> None:
    text = (
        "\n".join(f"{number}. {one}" for number, one in enumerate(entries, 1))
        if numbered
        else "\n\n".join(entries)
    )
    answers: dict[str, str] = {}
    read, lines = whole(text, answers)
    standing = Standing.of(lines, read.reading.lines, read.asked)
    orders, doubts = orders_of(read), doubts_of(read)
    for _ in range(4):
        asked = sorted({key for line in read.doubtful for key in keys_of(line)} | answers.keys())
        if not asked:
            break
        changed = data.draw(st.lists(st.sampled_from(asked), min_size=1, max_size=3, unique=True))
        before = dict(answers)
        for key in changed:
            reply = data.draw(st.sampled_from((*REPLIES, "")))
            answers.pop(key, None)
            if reply:
                answers[key] = reply
        again = data.draw(st.lists(st.sampled_from(sorted(orders, key=str)), max_size=1)) if orders else []
        found = pickle.loads(pickle.dumps(standing)).reread(
            changed, again, before=before, after=answers, resolver=RESOLVER
        )
        standing = found.standing
        orders = {home: one for home, one in orders.items() if home not in orders_of(found.before)}
        orders |= orders_of(found.after)
        doubts = doubts - doubts_of(found.before) + doubts_of(found.after)
        read, _ = whole(text, answers)
        assert orders == orders_of(read)
        assert doubts == doubts_of(read)
        assert set(again) <= {*orders_of(found.before), *orders_of(found.after)}


def test_one_answer_reads_one_household_of_many_anew() -> None:
    text = "\n".join(f"{number}. 3-{room} 鸡蛋1板" for number, room in enumerate(range(501, 560), 1))
    read, lines = whole(f"{text}\n60. 3-501 大礼包1份", {})
    (doubtful,) = read.doubtful[:1]
    key = doubt_key(doubtful, doubtful.doubts[0])
    standing = Standing.of(lines, read.reading.lines, read.asked)
    found = standing.reread([key], [], before={}, after={key: "作废"}, resolver=RESOLVER)
    assert len(found.after.reading.lines) == 2
    assert len(found.before.doubtful) >= 1
