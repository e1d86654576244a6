"""Invented names and phones. Phones are all 138 0000 xxxx, which nobody has."""

from __future__ import annotations

import random
from collections.abc import Iterable

SURNAMES = (
    *"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎",
    *"潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文",
    "欧阳", "司马", "上官", "诸葛", "尉迟",
)  # fmt: skip
GIVEN = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英玉兰建华国庆志红梅春生海燕鹏飞晓雪松柏梓涵子轩雨欣诗琪"
    "浩宇思远佳怡俊熙若曦天佑一诺可馨文博瑞泽嘉豪婉清景行凤莲素云德厚福贵永昌金锁小满冬至立夏秋月长河东升"
)
RARE_NAMES = ("赵䶮", "尉迟堃", "欧阳翀", "孙赟喆", "古丽米热·阿不都热合曼", "李𫖯", "阿依夏木·买买提明")
"""Names that fonts, columns and searches must stand."""

_BEFORE = "锦春嘉和瑞安明康福永新文景怡翠清华兴德裕宁泰丰盛荣光晨云兰桂松竹梅柳枫橡枣杏桃李"
_AFTER = {
    "compound": ("花园", "家园", "苑", "小区", "名邸", "新村", "雅居", "佳园", "公寓", "里"),
    "community": ("社区",),
    "village": ("村",),
    "subdistrict": ("街道",),
    "township": ("镇", "乡"),
    "urban_village": ("社",),
    "shop": ("便民店", "生鲜店", "菜店", "粮油店", "超市"),
    "supermarket": ("超市", "购物广场", "生活超市", "商超"),
    "platform": ("优选", "到家", "买菜", "鲜送"),
    "farm_market": ("农贸市场",),
    "wholesale_market": ("批发市场",),
    "farm": ("种植基地", "养殖基地", "合作社"),
}


def person_name(rng: random.Random, surname: str | None = None) -> str:
    """Invent a name; the first thirty surnames are the usual ones."""
    if surname is None:
        surname = rng.choice(SURNAMES[:30]) if rng.random() < 0.6 else rng.choice(SURNAMES)
    return surname + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2, 2))))


class Directory:
    """Hands out names and phones, each phone once, each name of a thing once."""

    def __init__(self, rng: random.Random, *, taken: Iterable[str] = ()) -> None:
        self._rng = rng
        used = {int(phone[-4:]) for phone in taken if phone}
        self._tails = [tail for tail in range(10_000) if tail not in used]
        rng.shuffle(self._tails)
        self._names: dict[str, list[str]] = {}
        self._named: set[str] = set()

    def phone(self) -> str:
        """Return a phone that nobody else of the scenario has."""
        return f"1380000{self._tails.pop():04}"

    def person(self) -> str:
        """Invent a person's name; several people may share one, as in life."""
        return person_name(self._rng)

    def reserve(self, *names: str) -> None:
        """Keep names of the source for what the source means by them."""
        self._named.update(names)

    def thing(self, kind: str) -> str:
        """Invent a name for a compound, community, village, shop and so on: each once."""
        if kind not in self._names:
            firsts = [a + b for a in _BEFORE for b in _BEFORE if a != b]
            every = [first + last for first in firsts for last in _AFTER[kind]]
            self._rng.shuffle(every)
            self._names[kind] = every
        while (name := self._names[kind].pop()) in self._named:
            pass
        self._named.add(name)
        return name
