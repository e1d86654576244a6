"""How well are order texts read? `python benchmarks/reading.py FILE.jsonl [--show ...] [--json]`.

Prints exact / review / silently wrong by kind and tag, and the two bounds a reader must keep: nothing
silently wrong, and at least 80 % of the clear texts exact.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "reading"))

from clerk import Score, Verdict, load, score

from lastmetre.terms import OrderLine

CLEAR_SHARE_BOUND = 0.80
OWN = Path(__file__).resolve().parents[1] / "tests" / "reading" / "clerk.jsonl"
SHOWN = {"wrong": {Verdict.SILENTLY_WRONG}, "review": {Verdict.REVIEW}, "all": set(Verdict), "none": set()}


def main(arguments: Sequence[str] | None = None) -> None:
    options = parsed(arguments)
    from lastmetre.reading.texts import read_text  # late, so that --help needs no reader

    def read(text: str) -> Sequence[OrderLine]:
        return read_text(text, file="-").lines

    started = time.perf_counter()
    scores = score(load(options.file), read)
    seconds = time.perf_counter() - started
    if options.json:
        print(json.dumps(summary(scores) | {"texts": [as_row(one) for one in scores]}, ensure_ascii=False))
        return
    print_table("kind", scores, lambda one: (one.case.kind,))
    print_table("tag", scores, lambda one: one.case.tags or ("(none)",))
    print_scores([one for one in scores if one.verdict in SHOWN[options.show]])
    print_totals(summary(scores), seconds)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "file", type=Path, nargs="?", default=OWN, help="texts with what a careful clerk would write down"
    )
    parser.add_argument("--show", choices=sorted(SHOWN), default="none", help="print these texts one by one")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser.parse_args(arguments)


def summary(scores: Sequence[Score]) -> dict[str, float]:
    """Totals, and the share of exact readings among the texts that a clerk could settle alone."""
    verdicts = Counter(one.verdict for one in scores)
    clear = [one for one in scores if one.case.clear]
    clear_exact = sum(one.verdict is Verdict.EXACT for one in clear)
    return {
        "total": len(scores),
        **{verdict.value: verdicts[verdict] for verdict in Verdict},
        "clear": len(clear),
        "clear exact": clear_exact,
        "exact share of the clear ones": clear_exact / len(clear) if clear else 0.0,
        "for a person": len(scores) - len(clear),
        "for a person, with a doubt": sum(
            not one.case.clear and one.verdict is not Verdict.SILENTLY_WRONG for one in scores
        ),
    }


def as_row(one: Score) -> dict[str, object]:
    return {
        "id": one.case.name,
        "text": one.case.text,
        "kind": one.case.kind,
        "clear": one.case.clear,
        "verdict": one.verdict.value,
        "differences": one.differences,
        "doubts": one.doubts,
    }


def print_table(title: str, scores: Sequence[Score], groups: Callable[[Score], Sequence[str]]) -> None:
    """Print one row a group: how many of its texts were exact, in review, silently wrong."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for one in scores:
        for group in groups(one):
            counts[group][one.verdict] += 1
    print(f"{title:60} {'exact':>6} {'review':>7} {'silent':>7}")
    for group, verdicts in sorted(counts.items()):
        exact, review, silent = (verdicts[verdict] for verdict in Verdict)
        print(f"{group:60} {exact:6} {review:7} {silent:7}")
    print()


def print_scores(scores: Sequence[Score]) -> None:
    for one in scores:
        print(f"{one.case.name} {one.verdict.value}: {one.case.text!r}")
        for difference in one.differences:
            print(f"    {difference}")
        for doubt in one.doubts:
            print(f"    doubt {doubt}")
    if scores:
        print()


def print_totals(totals: dict[str, float], seconds: float) -> None:
    total, share = int(totals["total"]), totals["exact share of the clear ones"]
    for verdict in Verdict:
        print(f"{verdict.value:15} {totals[verdict.value]:4} of {total}")
    print(f"exact share of the clear ones {share:.1%} (bound {CLEAR_SHARE_BOUND:.0%})")
    print(f"sent to a person of those only a person can settle {_of(totals, 'for a person')}")
    print(f"{seconds * 1000 / max(total, 1):.1f} ms a text")


def _of(totals: dict[str, float], key: str) -> str:
    return f"{totals[f'{key}, with a doubt']} of {totals[key]}"


if __name__ == "__main__":
    main()
