"""Re-posted chains: the later copy supersedes; the same person twice is kept or asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lastmetre.reading.folding import bare
from lastmetre.terms import Action, Doubt, OrderLine, say

_DISORDER = 5
"""Numbers may jump back so far where people post at once; further back, a copy of the chain begins."""


def latest(lines: Sequence[OrderLine]) -> tuple[list[OrderLine], list[OrderLine]]:
    """Return the lines that stand, and those of older copies that a later copy replaced.

    A chain is re-posted whole by every joiner: where the numbers start again and most entries recur, the
    later copy stands. An entry that is gone from the later copy is doubted: two people who post at once
    overwrite each other. Cost: linear in the number of lines.
    """
    copies = _copies(lines)
    standing = copies[0]
    old: list[OrderLine] = []
    for copy in copies[1:]:
        if _is_repost(standing, copy):
            standing, gone = _merge(standing, copy)
            old += gone
        else:
            standing = standing + copy
    standing, repeated = _without_repeats(standing)
    return _same_person(standing, old + repeated)


def _without_repeats(lines: Sequence[OrderLine]) -> tuple[list[OrderLine], list[OrderLine]]:
    """Drop what a later line of the same home says again, word for word or with more behind it."""
    later: dict[str, list[tuple[str, str]]] = {}
    kept: list[OrderLine] = []
    old: list[OrderLine] = []
    for line in reversed(lines):
        if line.action is not Action.ORDER or not line.place.room:
            kept.append(line)
            continue
        said = bare(line.raw)
        same = later.setdefault(key_of(line), [])
        if any(
            other.startswith(said) and (not seq or not line.seq or seq == line.seq) for seq, other in same
        ):
            old.append(line)
        else:
            kept.append(line)
            same.append((line.seq, said))
    return kept[::-1], old[::-1]


def _copies(lines: Sequence[OrderLine]) -> list[list[OrderLine]]:
    copies: list[list[OrderLine]] = [[]]
    highest = 0
    for line in lines:
        number = int(line.seq) if line.seq.isdecimal() else None
        if number is not None and (number == 1 <= highest or number < highest - _DISORDER):
            copies.append([])
            highest = 0
        if number is not None:
            highest = max(highest, number)
        copies[-1].append(line)
    return copies


def key_of(line: OrderLine) -> str:
    """Whose line it is, as far as the text says: the home, else the name, else the words."""
    place = line.place
    if place.room or place.building:
        return f"@{place.lane or ''}/{place.building or ''}/{place.unit or ''}/{place.room or ''}"
    return f"={bare(line.who) or bare(line.raw)}"


def _is_repost(before: list[OrderLine], after: list[OrderLine]) -> bool:
    goods: dict[str, set[str]] = {}
    for line in before:
        if line.seq:
            goods.setdefault(key_of(line), set()).update(_goods(line))
    keys = goods.keys()
    again = sum(bool(_goods(line) & goods.get(key_of(line), set())) for line in after if line.seq)
    return bool(keys) and again * 2 >= min(len(keys), sum(1 for line in after if line.seq))


def _goods(line: OrderLine) -> set[str]:
    """What a line is about; a line without goods is about its own words."""
    return {item.good or item.code or bare(item.name) for item in line.items} or {bare(line.raw)}


def _merge(before: list[OrderLine], after: list[OrderLine]) -> tuple[list[OrderLine], list[OrderLine]]:
    first = next((int(line.seq) for line in after if line.seq.isdecimal()), 1)
    keys = Counter(key_of(line) for line in after if line.seq)
    said = {bare(line.raw) for line in after}
    before_keys = Counter(key_of(line) for line in before if line.seq)
    kept: list[OrderLine] = []
    gone: list[OrderLine] = []
    for line in before:
        if not line.seq or (line.seq.isdecimal() and int(line.seq) < first):
            kept.append(line)
        elif (
            key_of(line) in keys and _is_there(line, keys, before_keys, said)
        ) or line.action is Action.NONE:
            gone.append(line)
        else:
            doubt = Doubt(
                "gone_from_copy", say("Not in the later copy of the chain: withdrawn, or overwritten?")
            )
            kept.append(replace(line, doubts=(*line.doubts, doubt)))
    return kept + after, gone


def _is_there(line: OrderLine, after: Counter[str], before: Counter[str], said: set[str]) -> bool:
    """A home that stood there twice must stand in the later copy twice, or with these words."""
    key = key_of(line)
    return after[key] >= before[key] or bare(line.raw) in said


def _same_person(lines: list[OrderLine], old: list[OrderLine]) -> tuple[list[OrderLine], list[OrderLine]]:
    """The same name twice in one chain without an address: without goods the later stands, with goods a person says."""
    seen: dict[str, int] = {}
    kept: list[OrderLine | None] = list(lines)
    for index, line in enumerate(lines):
        if not line.seq or not line.who or line.place or line.action not in (Action.ORDER, Action.CANCEL):
            continue
        key = bare(line.who)
        first = seen.get(key)
        seen[key] = index
        earlier = kept[first] if first is not None else None
        if earlier is None or first is None:
            continue
        if line.action is Action.ORDER and any(item.qty_stated for item in (*line.items, *earlier.items)):
            doubt = Doubt("same_person", say("“{who}” stands here twice: more, or instead?", who=line.who))
            kept[index] = replace(line, doubts=(*line.doubts, doubt))
        else:
            old.append(earlier)
            kept[first] = None
    return _same_home([line for line in kept if line is not None]), old


def _same_home(lines: list[OrderLine]) -> list[OrderLine]:
    """A home with two numbers, or in two chains: more, or instead? `再加` is an amendment and clear."""
    numbered: dict[str, OrderLine] = {}
    kept = []
    for line in lines:
        if line.seq and line.place.room and line.action is Action.ORDER and not line.proxy:
            before = numbered.setdefault(key_of(line), line)
            if (before.seq, before.source.row) != (line.seq, line.source.row):
                sentence = say(
                    "{home} has ordered under number {number} already: more, or instead?",
                    home=line.place.text,
                    number=before.seq,
                )
                line = replace(line, doubts=(*line.doubts, Doubt("same_home", sentence)))
        kept.append(line)
    return kept
