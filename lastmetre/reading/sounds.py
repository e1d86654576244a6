"""How a name sounds: homophone slips (疏菜包 for 蔬菜包, 有园 for 友园) have one sound."""

from __future__ import annotations

import os

# The dictionary of phrases takes a quarter of a second to load; names are compared sign by sign.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin


def sound(name: str) -> str:
    """Return the syllables of a name without tones; letters and digits stay themselves."""
    return " ".join(lazy_pinyin(name))
