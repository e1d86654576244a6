"""Text of unknown encoding: UTF-8, UTF-16, GB18030, or a sentence that it is none of them."""

from __future__ import annotations

import codecs
import unicodedata

from lastmetre.terms import InputError, Source, say

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 4_096
_SAMPLE_SIGNS = 20_000
_COMMON_SHARE = 0.8
"""GB18030 accepts almost any bytes; real Chinese text keeps to the 6,763 common characters of GB 2312."""


def decode(data: bytes, source: Source) -> str:
    """Return the text without its byte order mark; raises InputError when no known encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, source)
    if (wide := _utf16_without_mark(data)) is not None:
        return _strict(data, wide, source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strict(data, "gb18030", source)
        if not _looks_chinese(text):
            raise _unknown(source) from None
    if _has_control_signs(text):
        raise _unknown(source)
    return text


def _strict(data: bytes, encoding: str, source: Source) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _unknown(source) from None


def _unknown(source: Source) -> InputError:
    return InputError(
        say("The signs of this text cannot be read: it is not UTF-8, UTF-16 or GB18030."),
        remedy=say("Open it in the program that made it and save it again as UTF-8 text."),
        source=source,
    )


def _utf16_without_mark(data: bytes) -> str | None:
    """Every other byte of plain signs is zero in UTF-16; commas and line ends show it in Chinese text too."""
    sample = data[:_SAMPLE_BYTES]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd < max(2, len(sample) // 100) or len(data) % 2:
        return None
    if odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 8 * odd else None


def _looks_chinese(text: str) -> bool:
    foreign = [sign for sign in text[:_SAMPLE_SIGNS] if not sign.isascii()]
    common = sum(1 for sign in foreign if _is_common(sign))
    return common >= _COMMON_SHARE * len(foreign)


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _has_control_signs(text: str) -> bool:
    return any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f\v" for sign in set(text))
