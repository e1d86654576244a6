"""Pastes of one chat, made one after another -> one text in which nothing unnumbered stands twice.

A chain's numbered entries are kept each time: `supersede` lets a later copy of the chain replace an earlier one.
What was said beside the chain (再加一份) would count twice where the second paste begins before the first ended;
it is kept where it stands last, behind the chain that it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lastmetre.reading.entries import Entry, cut
from lastmetre.reading.folding import bare, visible

_TELLING = 8
"""Signs that make a message recognisable by itself; shorter ones (+1) only beside a neighbour that recurs."""


def stitch(texts: Iterable[str]) -> str:
    """Join pastes in the order of their making; what is pasted a second time word for word adds nothing."""
    whole = ""
    for text in texts:
        whole = _joined(whole, visible(text)) if whole else visible(text)
    return whole


def _joined(earlier: str, later: str) -> str:
    """Put a later paste behind the earlier, from which goes what the later one says again."""
    before, after = cut(earlier).entries, cut(later).entries
    said_before, said_after = [_said(one) for one in before], [_said(one) for one in after]
    if _is_piece(said_before, said_after):
        return earlier
    at: dict[str, list[int]] = defaultdict(list)
    for place, said in enumerate(said_after):
        at[said].append(place)
    again = [
        entry
        for place, entry in enumerate(before)
        if not entry.numbered and _recurs(place, said_before, at, said_after)
    ]
    for entry in reversed(again):
        earlier = earlier[: entry.source.start or 0] + earlier[entry.source.end or 0 :]
    return f"{earlier.rstrip()}\n\n{later}"


def _said(entry: Entry) -> str:
    return f"{entry.seq}\n{bare(entry.raw)}"


def _is_piece(before: list[str], after: list[str]) -> bool:
    """Whether the later is a piece of the earlier, word for word."""
    if not after:
        return True
    starts = [place for place, said in enumerate(before) if said == after[0]]
    return any(before[place : place + len(after)] == after for place in starts)


def _recurs(place: int, said: list[str], at: dict[str, list[int]], other: list[str]) -> bool:
    found = at.get(said[place], [])
    if found and len(said[place].partition("\n")[2]) >= _TELLING:
        return True
    return any(_same(other, one + step, said, place + step) for one in found for step in (-1, 1))


def _same(one: list[str], at: int, other: list[str], place: int) -> bool:
    return 0 <= at < len(one) and 0 <= place < len(other) and one[at] == other[place]
