"""Fold the many ways of typing one sign into one, character for character, so that positions stay true."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\t", " "),
    **dict.fromkeys("—–−‐‑―﹣ー➖", "-"),
    **dict.fromkeys("×✕✖╳", "*"),
    **dict.fromkeys("、，﹐", ","),
    **dict.fromkeys("“”„＂", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("【〔「『", "["),
    **dict.fromkeys("】〕」』", "]"),
    "。": ".",
    "｡": ".",
    "➕": "+",
    "﹢": "+",
    "＃": "#",
    "～": "~",
    "〜": "~",
}
# Traditional and variant characters of the words that carry meaning in an order; names stay as typed.
_VARIANTS = dict(
    zip(
        "開冇咗喇仲嘅號樓棟單團結龍個條隻盒雙張塊兩無換買幫訂還沒樣錢轉嗎親東門區斷麼們給謝請問裡裏後來參關廳總計",
        "开没了了还的号楼栋单团结龙个条只盒双张块两无换买帮订还没样钱转吗亲东门区断么们给谢请问里里后来参关厅总计",
        strict=True,
    )
)
_TABLE = str.maketrans({**_SIGNS, **_VARIANTS})

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_KEYCAP_MARK = re.compile("(?m)^([ \t]*\\d{1,3})\ufe0f?\u20e3")
_KEYCAP = re.compile("(?<=\\d)\ufe0f?\u20e3")
_NOISE = re.compile(r"[\s,.;:!?~，。；：！？～、·…\"'()\[\]（）【】\-*x×]+")


def fold(text: str) -> str:
    """Return `text` with widths, dashes, commas and variant characters unified; same length, same positions."""
    return text.translate(_TABLE)


def visible(text: str) -> str:
    """Drop zero-width characters and unify line ends; done once, before positions are counted."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _KEYCAP.sub(" ", _KEYCAP_MARK.sub(r"\1. ", text))


def bare(text: str) -> str:
    """Return the letters, digits and signs of `text` without punctuation, spaces, width or case.

    Two texts with the same bare form say the same: re-punctuating an entry makes no new order.
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", fold(text)).casefold())
