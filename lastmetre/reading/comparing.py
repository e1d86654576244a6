"""Two pastes of one chain: what was added, changed and dropped; renumbering and re-punctuating is no change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from lastmetre.reading.folding import bare
from lastmetre.reading.readings import Reading
from lastmetre.reading.supersede import key_of
from lastmetre.terms import Action, OrderLine

Pair = tuple[OrderLine | None, OrderLine | None]
_SILENT = (Action.NONE, Action.NOTICE, Action.OFFER)


@dataclass(frozen=True, slots=True)
class Difference:
    """Pairs of earlier and later line; a side that is missing is None."""

    added: tuple[Pair, ...] = ()
    changed: tuple[Pair, ...] = ()
    gone: tuple[Pair, ...] = ()
    unchanged: int = 0


def compare_readings(earlier: Reading, later: Reading) -> Difference:
    """Compare by home, else by name: what was read counts, not how it was typed. Linear in the lines."""
    before, after = _by_key(earlier), _by_key(later)
    added: list[Pair] = []
    changed: list[Pair] = []
    gone: list[Pair] = []
    unchanged = 0
    for key in dict.fromkeys((*before, *after)):
        old, new = before[key][:], after[key][:]
        for line in list(new):
            same = next((other for other in old if _meaning(other) == _meaning(line)), None)
            if same is not None:
                old.remove(same)
                new.remove(line)
                unchanged += 1
        pairs = list(zip(old, new, strict=False))
        changed += pairs
        gone += [(line, None) for line in old[len(pairs) :]]
        added += [(None, line) for line in new[len(pairs) :]]
    return Difference(tuple(added), tuple(changed), tuple(gone), unchanged)


def _by_key(reading: Reading) -> defaultdict[str, list[OrderLine]]:
    lines: defaultdict[str, list[OrderLine]] = defaultdict(list)
    for line in reading.lines:
        if line.action not in _SILENT:
            lines[key_of(line)].append(line)
    return lines


def _meaning(line: OrderLine) -> object:
    items = sorted(
        (item.good or item.code or bare(item.name), str(item.qty), item.unit) for item in line.items
    )
    return line.action, items, bare(line.note), line.paid_claimed
