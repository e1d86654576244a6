"""A second look at what was read: what cannot be a good, or was passed over, becomes a doubt (house law 6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lastmetre.reading.folding import fold
from lastmetre.reading.vocabulary import DEFAULT_GOOD, is_good
from lastmetre.terms import Action, Doubt, Item, OrderLine, say

_FUNCTION_WORDS = re.compile(
    r"[我你您他她它们的了吗呢吧啊呀哦就也都还从这那里不没给帮替住在系谁哪怎么嘛吃够该户]|麻烦|谢谢|其他|别的|现在|今天|明天|送|"
    r"就行|可以|什么|几点|多少|一起|自己|楼上|楼下|隔壁"
)
_ODD_SIGNS = re.compile(r"^[\d*x×+/¥￥.\-#]+$|^[*×+/]|[?？!！]")
_LONG_NAME = 14


def second_look(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Return the lines of one message, with a doubt where an item does not read like a good."""
    return [_looked_at(line) if line.action in (Action.ORDER, Action.AMEND) else line for line in lines]


_PLACE_IN_NAME = re.compile(r"公寓|校区|小区|单元|[栋幢]|号楼|园区|[东南西北]区|\d弄")


def _looked_at(line: OrderLine) -> OrderLine:
    if _PLACE_IN_NAME.search(line.who) and line.place:
        doubt = Doubt("place_in_name", say("Does “{who}” belong to the address?", who=line.who))
        line = replace(line, doubts=(*line.doubts, doubt))
    odd = [item for item in line.items if _is_odd(item)]
    if not odd or any(doubt.code == "odd_name" for doubt in line.doubts):
        return line
    doubt = Doubt("odd_name", say("Is “{name}” a good?", name=odd[0].name))
    return replace(line, doubts=(*line.doubts, doubt))


def _is_odd(item: Item) -> bool:
    """Whether a name holds words of talk, signs, or is no good at all for which only `份` was typed."""
    if item.good or item.name == DEFAULT_GOOD or (item.code and len(item.name) <= 4):
        return False
    name = re.sub(r"[(（].*?[)）]", "", item.name).strip()
    folded = fold(name)
    if folded.endswith("两") and not item.qty_stated:
        return True  # 八角两: two of them, or 50 g?
    if not folded or _ODD_SIGNS.search(folded):
        return True
    if _FUNCTION_WORDS.search(folded) and not re.fullmatch(
        r".*(?:老干妈|自热.*|不锈钢.*|不倒翁|都乐.*|没药)", folded
    ):
        return True
    size = re.sub(r"\d+(?:\.\d+)?\s*[A-Za-z]*|[*×x装/]", "", folded)
    return len(size) > _LONG_NAME or (
        item.unit in ("", "份") and not item.code and not is_good(name) and len(name) < 2
    )
