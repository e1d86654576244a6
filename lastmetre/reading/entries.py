"""Cut a paste into entries: chain numbers in all their marks, speakers, lost line breaks, headings."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from lastmetre.reading.folding import fold
from lastmetre.reading.places import find_places
from lastmetre.terms import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered entry or one message of a paste."""

    raw: str
    """Its text without the number."""
    source: Source
    seq: str = ""
    numbered: bool = False
    speaker: str = ""
    quote: str = ""
    """The message it answers, as the chat quotes it."""
    post: bool = False
    """It is a whole post that offers goods."""
    broken: bool = False
    """It stood in a chain whose line breaks were lost: where the name ends is unknown."""


@dataclass(frozen=True, slots=True)
class Paste:
    """A paste cut into entries, and the heading that stood before its first number."""

    heading: str
    entries: tuple[Entry, ...]


_CIRCLED = {
    chr(first + index): index + start
    for first, start, count in (
        (0x2460, 1, 20),
        (0x2474, 1, 20),
        (0x2488, 1, 20),
        (0x2776, 1, 10),
        (0x3251, 21, 15),
        (0x32B1, 36, 15),
    )
    for index in range(count)
}
"""①, ⑴, ⒈, ❶ and their like."""
_MARK = re.compile(
    r"\s*(?:"
    r"[(\[]\s*(?P<bracket>\d{1,3})\s*[)\]]\s*[.,:]?"
    rf"|(?P<circled>[{''.join(_CIRCLED)}])\s*[.,:]?"
    r"|(?P<dotted>\d{1,5})\s*\.(?!\d)"
    r"|(?P<glued>\d{1,5})\.(?=\d{1,3}\s*(?:[-#/_]|号楼?|栋|幢|座)\s*[-,]?\s*\d|\d{1,4}\s*弄)"
    r"|(?P<comma>\d{1,5})\s*[,)]"
    r"|(?P<colon>\d{1,3})\s*:(?!\d{2}(?!\d))"
    r"|(?:[Nn][Oo]\.?|第)\s*(?P<named>\d{1,3})\s*(?:位|个|号)?[.,::\s]"
    r"|\#(?P<hash>\d{1,3})(?=\s+\S)"
    r"|(?P<keycap>\d{1,2})\ufe0f?\u20e3"
    r")\s*"
)
_GAP = 10
"""How far a number of four digits may be from the one before it."""
_SPACED = re.compile(
    r"\s*(?P<spaced>\d{1,3})(?:\s+(?=[^\d\s]|\d{1,3}\s*[-#])(?!\s*(?:号|栋|幢|楼|座|单元|弄))|\s*$)"
)
_CHAIN = re.compile(r"^\s*#?\s*(?:接龙|群接龙|solitaire|group note)", re.IGNORECASE)
_CHAIN_ONLY = re.compile(r"^\s*#?\s*(?:接龙|群接龙|Group Note)\s*[:.]?\s*$|^[\s\-—=_*~]{3,}$")
_QUOTE = re.compile(r"^\s*[「『](.*)[」』]\s*$")
_CLOCK = re.compile(
    r"\[?(?:\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?)?[ ]?"
    r"(?:上午|下午|晚上|凌晨|中午|昨天|星期.)?[ ]?\d{1,2}:\d{2}(?::\d{2})?\]?"
)
_SPEAKER = re.compile(r"^\s*(?P<who>[^\s:：,，。.\d][^:：,，。\n]{0,14})[:：]\s*(?P<said>\S.*)$")
_INLINE = re.compile(r"(?:^|(?<=\s))(\d{1,3})[.、)](?:\s+|$)")
_FORM_WORDS = re.compile(
    r"备注|户号|楼栋|栋号|幢号|门牌|门栋|留言|房间|手机|收件|房号|楼号|室号|弄号|地址|电话|姓名|单元|小区|内容|价格|规格|合计|总计|全部|统计|^套餐|共|通知|送达|到货|收货|份数|数量|情况|团购|接龙|开团|^[A-Za-z]$"
)

_ORDERS = re.compile(r"\d|各?[一二两三四五六七八九]份")
"""我家和对门各一份A：5-1203 5-1204: an order, nobody's name."""


def cut(text: str, file: str = "") -> Paste:
    """Cut `text` into entries; every line lands in exactly one entry or in the heading."""
    inline = _inline(text, file)
    if inline:
        return inline
    numbers = _numbers(text)
    if _is_post(text) and not (len(numbers) > 1 and re.search(r"接龙|(?i:group note)", fold(text))):
        return Paste("", (Entry(text.strip(), Source(file, row=1, start=0, end=len(text)), post=True),))
    heading: list[str] = []
    entries: list[Entry] = []
    speaker = ""
    quote = ""
    position = 0
    for index, row in enumerate(text.split("\n")):
        start, position = position, position + len(row) + 1
        if not row.strip():
            speaker = ""
            continue
        quoted = _QUOTE.match(row)
        if quoted:
            quote = quoted[1]
            continue
        if _CHAIN_ONLY.match(fold(row)):
            heading.append(row.strip())
            continue
        body_at, seq = numbers.get(index, (0, ""))
        said_by = None if seq else _time_line(row)
        if said_by is not None:
            speaker = said_by
            continue
        if not seq and not entries and _is_heading(row, numbers, index):
            heading.append(row.strip())
            continue
        source = Source(file, row=index + 1, start=start, end=start + len(row))
        if not seq and entries and entries[-1].numbered and _continues(row):
            last = entries[-1]
            joined = Source(file, row=last.source.row, start=last.source.start, end=start + len(row))
            entries[-1] = Entry(f"{last.raw}\n{row.strip()}", joined, last.seq, True, last.speaker)
            continue
        # A chain is posted whole by one of its members: who posts it did not write its entries.
        who, said = ("", row[body_at:]) if seq else (speaker, row) if speaker else _spoken(row)
        entries.append(Entry(said.strip(), source, seq, bool(seq), who, quote=quote))
        quote = ""
    if not entries and heading:
        whole = Source(file, row=1, start=0, end=len(text))
        return Paste("", (Entry(text.strip(), whole),))
    return Paste("\n".join(heading), tuple(_posts(entries, text, file)))


def _numbers(text: str) -> dict[int, tuple[int, str]]:
    """Row index -> (where its body starts, its chain number)."""
    found: dict[int, tuple[int, str]] = {}
    rows = text.split("\n")
    spaced: dict[int, tuple[int, str]] = {}
    last = 0
    for index, row in enumerate(rows):
        folded = fold(row)
        match = _MARK.match(row) if row.strip()[:1] in _CIRCLED else _MARK.match(folded)
        if match and not _is_time_or_price(folded):
            seq = next(value for value in match.groups() if value)
            seq = str(_CIRCLED[seq]) if seq in _CIRCLED else str(int(seq))
            if len(seq) < 4 or abs(int(seq) - last) <= _GAP:  # 1203. may be a room
                found[index] = (match.end(), seq)
                last = int(seq)
                continue
        match = _SPACED.match(folded)
        if match:
            spaced[index] = (match.end(), str(int(match["spaced"])))
    for index, (end, seq) in spaced.items():
        neighbours = {found.get(i, spaced.get(i, (0, "")))[1] for i in (index - 1, index + 1)}
        alone = len(rows) == 1 and re.match(r"[一-鿿A-Za-z]{2,4}\s", rows[index][end:])
        if alone or str(int(seq) - 1) in neighbours or str(int(seq) + 1) in neighbours:
            found[index] = (end, seq)
    return found


def _is_time_or_price(folded: str) -> bool:
    return bool(re.match(r"\s*\d{1,2}[:.]\d{2}\s*(?:左右|前|后|到|点|截|开|之)", folded))


def _is_heading(row: str, numbers: dict[int, tuple[int, str]], index: int) -> bool:
    """Rows before the first number are the heading, if a chain mark or an announcement opens the paste."""
    if _CHAIN.match(fold(row)):
        return True
    later = [i for i in numbers if i > index]
    if not later or numbers[min(later)][1] not in ("0", "1"):
        return False
    return not re.search(r"\d{1,3}\s*[-#]\s*\d{3,4}", fold(row))


def _continues(row: str) -> bool:
    """A row without number or address goes on with the entry above (goods listed below a name)."""
    return bool(re.match(r"^\s{1,}|^\s*[-·•+]|^\s*[(（]", row)) and not find_places(row)


def _time_line(row: str) -> str | None:
    """The speaker of a line that is nothing but a name and a time; None for any other line."""
    alone = re.match(r"^\s*([^\s:：\d@]{1,12})\s*[:：]\s*$", row)
    if alone and not _FORM_WORDS.search(alone[1]):
        return alone[1]
    clock = _CLOCK.search(row)
    name = f"{row[: clock.start()]}{row[clock.end() :]}".strip(" :：[]") if clock else ""
    return (
        name
        if clock and len(name) <= 20 and not re.search(r"[\d:：,，。今明到送截领开前后请取]", name)
        else None
    )


def _spoken(row: str) -> tuple[str, str]:
    match = _SPEAKER.match(row)
    if match and not _FORM_WORDS.search(match["who"]) and not _ORDERS.search(match["who"]):
        return match["who"].strip(), match["said"]
    return "", row


def _posts(entries: list[Entry], text: str, file: str) -> list[Entry]:
    """A post of several unnumbered rows that lists options or prices is one entry."""
    if len(entries) < 2 or any(entry.numbered for entry in entries):
        return entries
    folded = fold(text)
    options = len(re.findall(r"^\s*[A-Za-z]\s*[:.,)]\s*\S", folded, re.MULTILINE))
    fields = len(
        re.findall(r"^(?:内容|规格|价格|单价|份数|数量|限购|送到情况|送达)\s*:", folded, re.MULTILINE)
    )
    if options < 2 and fields < 2:
        return entries
    return [Entry(text.strip(), Source(file, row=1, start=0, end=len(text)), post=True)]


def _is_post(text: str) -> bool:
    """A post of several rows with a price and the terms of an offer, and no address."""
    folded = fold(text)
    terms = re.search(r"起送|成团|限购|每户限|截单|截止|开团|送货费|配送费|份起|手续费|份数|满\s*\d", folded)
    prices = (
        re.search(r"\d\s*元|[¥￥]\s*\d", folded)
        or len(re.findall(r"\s\d{2,3}(?:\.\d+)?\s*$", folded, re.MULTILINE)) > 1
    )
    return (
        "\n" in folded
        and bool(terms)
        and bool(prices)
        and not any(match.place.room for match in find_places(text))
    )


def _inline(text: str, file: str) -> Paste | None:
    """Cut a chain whose line breaks were lost: `1. 2. 邻居A 3. 邻居B`."""
    if "\n" in text.strip():
        return None
    marks = list(_INLINE.finditer(fold(text)))
    numbers = [int(match[1]) for match in marks]
    if len(marks) < 3 or any(b - a != 1 for a, b in itertools.pairwise(numbers)):
        return None
    heading = text[: marks[0].start()].strip()
    if heading and not _CHAIN.match(fold(heading)):
        return None
    ends = [match.start() for match in marks[1:]] + [len(text)]
    entries = []
    for mark, end, number in zip(marks, ends, numbers, strict=True):
        raw = text[mark.end() : end].strip()
        broken = not any(match.place.room for match in find_places(raw))
        entries.append(
            Entry(raw, Source(file, row=1, start=mark.start(), end=end), str(number), True, broken=broken)
        )
    return Paste(heading, tuple(entries))
