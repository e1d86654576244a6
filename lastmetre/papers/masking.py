"""How much of a name and a phone number the papers show (design: names as 王女士, phones by their tail)."""

from __future__ import annotations

import re
from functools import lru_cache

from lastmetre.papers.pack import PhoneKind

TITLES = (
    "女士 先生 小姐 太太 夫人 阿姨 叔叔 大叔 伯伯 大伯 大爷 大妈 大姐 大哥 奶奶 爷爷 婆婆 外婆 外公 老伯 "
    "阿婆 阿公 嫂子 师傅 老师 医生 护士 同学 主任 经理 工 姐 哥 叔 姨 嫂 婶 伯 总"
).split()

DOUBLE_SURNAMES = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 "
    "申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 "
    "宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门"
).split()

HIDDEN = "**"


@lru_cache(10_000)
def masked_name(name: str) -> str:
    """Return surname and title where a title was typed (王女士), else surname and stars (王**)."""
    letters = re.sub(r"^[\W\d_]+|\s+", "", name)
    if not letters:
        return HIDDEN if name.strip() else ""
    surname = letters[:2] if letters[:2] in DOUBLE_SURNAMES else letters[:1]
    title = next((title for title in TITLES if letters.endswith(title) and letters != title), HIDDEN)
    # One letter may as well end a given name (李建工).
    return surname + (title if len(title) > 1 or letters == surname + title else HIDDEN)


def shown_phone(phone: str, kind: PhoneKind) -> str:
    """Return the digits to print: all, 138****1234, the last four, or none."""
    digits = re.sub(r"\D", "", phone)
    if not digits or kind is PhoneKind.NONE:
        return ""
    if kind is PhoneKind.FULL:
        return phone.strip()
    tail = digits[-4:] if len(digits) > 4 else "*" * len(digits)
    if kind is PhoneKind.TAIL:
        return tail
    return f"{digits[:3]}****{tail}" if len(digits) >= 11 else f"****{tail}"
