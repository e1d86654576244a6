"""Made-up rounds of a made-up compound, of any size and always the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from lastmetre.papers.codes import BagCode, bag_codes
from lastmetre.papers.pack import Bag, BagItem, Box, Check, Pack, Purchase, Shortage
from lastmetre.terms import Good, Home

GOODS = (
    Good("A", "蔬菜包", specification="5种约3公斤", price_fen=3990, case_size=4),
    Good("B", "鸡蛋", specification="30枚", unit="板", price_fen=2850, case_size=12),
    Good("C", "纯牛奶", specification="250ml*24盒", unit="箱", price_fen=6500),
    Good("D", "大米", specification="5公斤", unit="袋", price_fen=3680, case_size=6),
    Good("E", "食用油", specification="5升", unit="桶", price_fen=7990, case_size=4),
    Good("F", "五花肉", unit="斤", step=Decimal("0.5"), price_fen=2600),
    Good("G", "苹果", specification="4斤装", price_fen=2999, case_size=10),
    Good("H", "吐司面包", specification="400克", unit="包", price_fen=1280),
    Good("J", "卫生纸", specification="10卷", unit="提", price_fen=2590, case_size=8),
    Good("K", "酱油", specification="500ml", unit="瓶", price_fen=990, case_size=12),
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
NOTES = ("请放门口", "老人在家，请敲门", "要嫩一点的", "孕妇，请放电梯口")


def pack(count: int, *, seed: int = 1, buildings: int = 8, units: int = 3) -> Pack:
    """Return a mixed round of `count` orders with carts, cases, a short good and control totals."""
    draw = random.Random(seed)
    places = homes(count, buildings=buildings, units=units)
    codes = bag_codes(b"secret of the tests", f"round {seed}", map(str, places))
    bags = tuple(_bag(home, codes, draw, units) for home in places)
    boxes = bag_codes(
        b"secret of the tests", f"boxes {seed}", (str(one) for one in range(1, count // 20 + 2))
    )
    bags = tuple(replace(bag, box=place // 20 + 1) for place, bag in enumerate(bags))
    return Pack(
        compound="开元丽城",
        title="第三批",
        printed_on="2022-05-03 15:10",
        bags=bags,
        goods=GOODS,
        supplier="丽城生鲜",
        purchases=(Purchase("A", 2 + count, "每箱4份；最后一箱未满，也订，多出的留作备用。"),),
        shortages=tuple(_shortage(bag.home, draw) for bag in bags[::8]),
        checks=(Check("3栋楼长合计 A", "12", "12", True), Check("5栋楼长合计 B", "9", "8", False)),
        boxes=tuple(Box(int(number), code.short, code.qr) for number, code in boxes.items()),
        notices=("3 orders wait for a person.",),
    )


def homes(count: int, *, buildings: int, units: int, doors: int = 4) -> list[Home]:
    """Return homes floor by floor, spread evenly over all stairwells."""
    stairs = [(str(1 + place // units), str(1 + place % units)) for place in range(buildings * units)]
    found = []
    for place in range(count):
        floor, door = divmod(place // len(stairs), doors)
        found.append(Home(*stairs[place % len(stairs)], f"{floor + 1}{door + 1:02d}"))
    return found


def _bag(home: Home, codes: Mapping[str, BagCode], draw: random.Random, units: int) -> Bag:
    floor, door = divmod(int(home.room), 100)
    goods = draw.sample(GOODS, draw.choice((1, 1, 2, 3, 3, 4, 5, 7)))
    return Bag(
        home,
        tuple(BagItem(good.code, _quantity(good, draw), _note(draw, 0.1)) for good in goods),
        codes[str(home)].short,
        codes[str(home)].qr,
        floor=floor,
        name=draw.choice(SURNAMES) + draw.choice(("女士", "先生", "小明", "阿姨", "丽华")),
        phone=f"13{draw.randrange(10**9):09d}",
        note=_note(draw, 0.15),
        cart=(int(home.building) - 1) * units + int(home.unit),
        carry=1000 - 10 * floor + door,
        paid_claimed=draw.random() < 0.7,
    )


def _quantity(good: Good, draw: random.Random) -> Decimal:
    return good.step * draw.randint(1, 6) if good.step < 1 else Decimal(draw.choice((1, 1, 1, 2, 3)))


def _note(draw: random.Random, chance: float) -> str:
    return draw.choice(NOTES) if draw.random() < chance else ""


def _shortage(home: Home, draw: random.Random) -> Shortage:
    wished = Decimal(draw.randint(2, 4))
    reason = "想要2箱；库存100箱，共登记130箱；按人数分，3人：得1箱。"
    return Shortage(home, "C", wished, wished - 1, reason, Decimal("0.54"))
