"""What is said in the chat in so many words: the turns of the day that no phrase book would make."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the chat, and what a careful clerk makes of it."""

    text: str
    effect: str = ""
    """In the notation of `truth.apply`: '3-503 A1 E2 $; 4-1101 A1 ~'."""
    kind: str = "order"
    """An `Action` of `lastmetre.terms`."""
    person: str = ""
    """Why only a person can settle it; '' where it is clear."""
    open_homes: tuple[str, ...] = ()
    """Homes whose total depends on the answer."""
    numbered: bool | None = None
    """Whether it carries a number of the chain; None: orders do."""
    earlier: str = ""
    """How the first copy of the chain had it; '' where it was the same."""

    @property
    def has_number(self) -> bool:
        """Whether the chain's mark stands before it."""
        return self.kind == "order" if self.numbered is None else self.numbered


HEADER = """#接龙
开元丽城第三批保供物资🥬🥚🍎（5月11日 周三）
今天下午4.30截单，明天上午10点前后到门岗，红马甲按单元小推车送上楼🛒

★房号写清楚！楼号-房号，或者 几号楼几单元几零几
★A B C D是套餐，其他的写名字
★鸡蛋每户限2板，粮油包每户限1份，牛奶限2箱，别囤，都匀着点
★扫群主收款码，付了的后面写已付，核对用
★不会弄手机的老人，邻居帮着接一下

A 蔬菜包 35元（白菜 萝卜 土豆 洋葱 西红柿 上海青，6种约4公斤）
B 肉蛋包 68元（五花肉1斤 琵琶腿2斤 鸡蛋15枚）
C 水果包 45元（苹果 香蕉 橙子 小西瓜，约3.5公斤）
D 粮油包 99元（大米10斤 面粉5斤 油1.8L）
鸡蛋 30枚 24.9元/板
纯牛奶 250ml*24盒 59.9元/箱
五花肉 18.8元/斤（半斤起）
豆腐 400g 3.5元/盒
馒头 6个装 6元/袋
挂面 1kg 8.5元/把
抽纸 10包 19.9元/提
矿泉水 550ml*24瓶 28元/箱
土豆 2.5元/斤  西红柿 4.6元/斤

例 9-999 某某 A1 鸡蛋1板 已付"""
REPOST_HEADER = """#接龙
开元丽城第三批保供物资🥬🥚🍎（5月11日 周三）
今天下午4.30截单，明天上午10点前后到门岗，红马甲按单元小推车送上楼🛒"""

REPOSTED = (
    Said("2-903 老周 A2 鸡蛋一板", "2-903 A2 E1", earlier="2-903 老周 A1 鸡蛋一板"),
    Said(
        "1号楼1204 豆豆妈 菜包1份 牛奶一箱 抽纸2提",
        "1-1204 A1 F1 L2",
        earlier="1号楼1204 豆豆妈 菜包1份 牛奶一箱",
    ),
    Said("4-1705 B1 豆腐2盒 取消", kind="cancel", earlier="4-1705 B1 豆腐2盒", numbered=True),
    Said("6－302 李姐 水果包1 已付", "6-302 C1 $", earlier="6－302 李姐 水果包1"),
    Said("5-1403 胖虎 A1", "5-1403 A1", earlier="5-1403 胖虎 A1 D1"),
    Said("3栋1101 小卷毛🐑 蔬菜包一份，豆腐3盒", "3-1101 A1 H3", earlier="3栋1101 小卷毛🐑 蔬菜包一份"),
)
"""Entries that differ between the two copies of the chain."""

BETWEEN_COPIES = (
    Said("收到🙏", kind="none"),
    Said("大家接龙前往上翻翻，用最新那条接，别把前面的人弄丢了", kind="notice"),
    Said("菜包里有没有蒜苗呀", kind="question"),
    Said("好嘞，等我改一下再发", kind="none"),
    Said("[图片]", kind="none"),
    Said("5月11日 下午1:32", kind="none"),
)

TAIL = (
    Said("还有人没接不？再等五分钟", kind="none"),
    Said("6-1201 现在补还来得及吗", kind="question"),
    Said("7号楼合计：A {A7} B {B7} C {C7} D {D7}，核对无误", kind="total"),
    Said("8#一共：菜包{A8}份 鸡蛋{E8}板 豆腐{H8}盒", kind="total"),
    Said("5栋汇总 蔬菜包{A5_wrong} 肉蛋包{B5}，麻烦团长对一下", kind="total"),
    Said("截单啦‼️后面接的等下一批", kind="notice"),
    Said("团长辛苦👍👍", kind="none"),
    Said("得劲！", kind="none"),
)
