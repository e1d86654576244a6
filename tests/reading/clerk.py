"""Compares a reading with what a careful clerk would write down.

The rules are those of the orders' README: place, action, and each item's name or code, quantity and unit,
after folding width, case and white space; notes, names of people and payments are not compared. An
explicit null in what is expected is not compared either: only a person can know it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from lastmetre.terms import Action, Change, InputError, Item, OrderLine

Expected = Mapping[str, Any]
"""What the clerk wrote: one JSON object of the corpus."""

QUIET = frozenset({Action.NONE, Action.NOTICE, Action.OFFER})
"""Lines that ask for nothing: in a chain they may be kept or left out."""

ANNOUNCED = frozenset({Action.NOTICE, Action.NONE})
ADDRESS_ALONE = frozenset({Action.ORDER, Action.ADDRESS, Action.NONE})
"""A bare address, or a name without goods: the reader need not say what it is for."""

ALLOWED: dict[str, frozenset[Action]] = {
    "order": frozenset({Action.ORDER}),
    "amend": frozenset({Action.AMEND}),
    "cancel": frozenset({Action.CANCEL}),
    "cancelled": frozenset({Action.CANCEL}),
    "fix_address": frozenset({Action.ADDRESS}),
    "override_address": frozenset({Action.ADDRESS}),
    "question": frozenset({Action.QUESTION}),
    "complaint": frozenset({Action.COMPLAINT}),
    "shortage_report": frozenset({Action.SHORTAGE}),
    "summary": frozenset({Action.TOTAL}),
    "offer": frozenset({Action.OFFER}),
    "notice": frozenset({Action.NOTICE}),
    "placeholder": frozenset({Action.NONE}),
    "empty": frozenset({Action.NONE}),
    "organiser": QUIET,
    "recruit": QUIET,
    "arrival": ANNOUNCED,
    "pickup_call": ANNOUNCED,
    "open": QUIET,
    "close": QUIET,
    "join": frozenset({Action.ORDER, Action.NONE}),
    "leave": frozenset({Action.CANCEL, Action.NONE}),
}
BY_KEY = ("override_address", "open", "close", "join", "leave")
"""Keys that alone say what the text wants."""

GRAMS = {"斤": 500, "市斤": 500, "两": 50, "kg": 1000, "公斤": 1000, "千克": 1000, "g": 1, "克": 1}
ONLY_GOOD = frozenset({"", "套餐", "餐", "本团商品"})
FIELD_PARTS = {"房号": "room", "楼号": "building", "弄号": "lane", "单元": "unit"}
CODE = re.compile(r"套餐([a-z]|[0-9一二三四五六七八九])|([a-z])(?:套餐)?")
CODE_AND_NAME = re.compile(r"([A-Za-z])\s+\S")
DIGITS = str.maketrans("一二三四五六七八九", "123456789")


class Verdict(StrEnum):
    EXACT = "exact"
    REVIEW = "review"
    SILENTLY_WRONG = "silently wrong"


SEVERITY = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Case:
    """One text of the corpus."""

    name: str
    text: str
    kind: str
    tags: tuple[str, ...]
    expected: Expected

    @property
    def clear(self) -> bool:
        """Whether a clerk could settle it without asking anybody."""
        return not wants_review(self.expected)


@dataclass(frozen=True, slots=True)
class Score:
    """How one text was read."""

    case: Case
    verdict: Verdict
    differences: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line beside the clerk's: what differs, and whether a doubt was wanted and raised."""

    differences: tuple[str, ...]
    doubted: bool
    review: bool = False
    doubt_optional: bool = False

    @property
    def verdict(self) -> Verdict:
        if self.differences:
            return Verdict.REVIEW if self.doubted else Verdict.SILENTLY_WRONG
        if self.doubt_optional or self.doubted == self.review:
            return Verdict.EXACT
        return Verdict.REVIEW if self.doubted else Verdict.SILENTLY_WRONG


def load(path: Path) -> list[Case]:
    """Read a corpus: one JSON object a line."""
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
    return [
        Case(row["id"], row["text"], row["kind"], tuple(row.get("tags", ())), row["expected"]) for row in rows
    ]


def score(cases: Iterable[Case], read: Callable[[str], Sequence[OrderLine]]) -> list[Score]:
    """Read every text and judge it; a text refused with an `InputError` reaches a person: review."""
    scores = []
    for case in cases:
        try:
            scores.append(judge(case, read(case.text)))
        except InputError as refusal:
            scores.append(Score(case, Verdict.REVIEW, ("refused",), (str(refusal),)))
    return scores


def judge(case: Case, lines: Sequence[OrderLine]) -> Score:
    """Compare what was read from a text with what its clerk wrote down; its worst line counts."""
    expected = case.expected
    listed = clerks_lines(expected)
    comparisons = (
        compare_text(expected, lines, case.text)
        if listed is None
        else compare_lists(listed, lines, case.text, doubt_optional=bool(expected.get("review")))
    )
    verdicts = [comparison.verdict for comparison in comparisons]
    if expected.get("review") and not any(line.doubts for line in lines):
        verdicts.append(Verdict.SILENTLY_WRONG)
    return Score(
        case,
        max(verdicts, key=SEVERITY.index),
        tuple(difference for comparison in comparisons for difference in comparison.differences),
        tuple(f"{doubt.code}: {doubt.sentence}" for line in lines for doubt in line.doubts),
    )


def wants_review(expected: Expected) -> bool:
    """Whether the clerk, or any line or item of the clerk's, sends it to a person."""
    parts = [part for key in ("items", "lines", "orders") for part in expected.get(key, ())]
    return bool(expected.get("review")) or any(wants_review(part) for part in parts)


def clerks_lines(expected: Expected) -> list[Expected] | None:
    """Return the lines of a chain or of a many-rooms text; None where the text is one line."""
    if "lines" in expected:
        return list(expected["lines"])
    if "orders" in expected:
        shared = {key: expected[key] for key in ("building", "unit", "action") if key in expected}
        return [{**shared, **order} for order in expected["orders"]]
    return None


def allowed_actions(expected: Expected) -> frozenset[Action]:
    """Actions that say the same as the clerk's word, or as the shape of what the clerk wrote."""
    for key in ("action", "status", "kind"):
        if key in expected:
            return ALLOWED[expected[key]]
    for key in BY_KEY:
        if key in expected:
            return ALLOWED[key]
    return ALLOWED["order"] if "items" in expected else ADDRESS_ALONE


def compare_text(expected: Expected, lines: Sequence[OrderLine], text: str) -> list[Comparison]:
    """Compare a text that the clerk wrote down as one line."""
    allowed = allowed_actions(expected)
    doubted = any(line.doubts for line in lines)
    speaking = [line for line in lines if line.action not in QUIET]
    if not speaking:
        speaking = [line for line in lines if line.action in allowed]
    if allowed <= QUIET:
        differences = [part for line in speaking for part in differences_of(expected, line, text)]
        if not speaking and (lines or Action.NONE not in allowed):
            differences.append(
                f"action: wanted {words(allowed)}, read {words(line.action for line in lines)}"
            )
    elif len(speaking) == 1:
        differences = differences_of(expected, speaking[0], text)
    else:
        differences = [f"lines: wanted 1, read {len(speaking)}"]
    return [Comparison(tuple(differences), doubted, wants_review(expected))]


def compare_lists(
    listed: Sequence[Expected], lines: Sequence[OrderLine], text: str, *, doubt_optional: bool
) -> list[Comparison]:
    """Compare the lines of a chain in order; what orders nothing is left out on both sides."""
    comparisons, rest = compare_raw([line for line in listed if "raw" in line], lines)
    wanted = [line for line in listed if "raw" not in line and not allowed_actions(line) <= QUIET]
    replaced = {str(line["supersedes"]): str(line.get("seq")) for line in wanted if "supersedes" in line}
    open_ended = {str(line.get("seq")) for line in wanted if allowed_actions(line) & QUIET}
    read, quiet = [], []
    for line in rest:
        if line.seq in replaced:
            comparisons.append(compare_replaced(line, replaced[line.seq], rest))
        elif line.action in QUIET and line.seq not in open_ended:
            quiet.append(line)
        else:
            read.append(line)
    comparisons += [Comparison((), True, doubt_optional=doubt_optional) for line in quiet if line.doubts]
    if len(wanted) != len(read):
        doubted = any(line.doubts for line in rest)
        return [*comparisons, Comparison((f"lines: wanted {len(wanted)}, read {len(read)}",), doubted)]
    for expected, line in zip(wanted, read, strict=True):
        review = wants_review(expected)
        optional = doubt_optional or ("supersedes" in expected and not review)
        differences = tuple(differences_of(expected, line, text))
        comparisons.append(Comparison(differences, bool(line.doubts), review, optional))
    return comparisons


def compare_replaced(line: OrderLine, by: str, lines: Sequence[OrderLine]) -> Comparison:
    """Judge a line kept beside the later one that may replace it: fine while a person is asked."""
    asked = bool(line.doubts) or any(other.doubts for other in lines if other.seq == by)
    differences = () if asked else (f"line {line.seq}: kept beside line {by} without a doubt",)
    return Comparison(differences, asked, doubt_optional=True)


def compare_raw(
    wanted: Sequence[Expected], lines: Sequence[OrderLine]
) -> tuple[list[Comparison], list[OrderLine]]:
    """Compare lines that a clerk only copies, and return the lines that are left."""
    comparisons, rest = [], list(lines)
    for expected in wanted:
        found = [line for line in rest if fold(expected["raw"]) in fold(line.raw)]
        if not found:
            doubted = any(line.doubts for line in lines)
            comparisons.append(Comparison((f"raw: {expected['raw']} is lost",), doubted))
            continue
        kept = next((line for line in found if line.seq == str(expected.get("seq"))), found[0])
        rest.remove(kept)
        guessed = [item.name for item in kept.items if item.code or fold(item.name) not in ONLY_GOOD]
        if kept.place.building or kept.place.room or guessed:
            differences: tuple[str, ...] = (f"raw: {expected['raw']} was taken apart",)
        else:
            differences = ()
        comparisons.append(Comparison(differences, bool(kept.doubts), doubt_optional=True))
    return comparisons, rest


def differences_of(expected: Expected, line: OrderLine, text: str) -> list[str]:
    """Say all that differs in one line: action, place, items."""
    allowed = allowed_actions(expected)
    differences = []
    if line.action not in allowed:
        differences.append(f"action: wanted {words(allowed)}, read {line.action}")
    differences += place_differences(expected, line)
    if not allowed <= QUIET and allowed != ALLOWED["cancel"]:  # a cancelled line delivers nothing
        differences += item_differences(expected, line, text)
    return differences


def place_differences(expected: Expected, line: OrderLine) -> list[str]:
    """Compare building, unit and room, or the place as written where the clerk kept only that."""
    if "field" in expected:
        return field_differences(expected, line)
    if allowed_actions(expected) <= QUIET:
        return building_differences(expected, line)
    if "place" in expected:
        wanted = expected["place"]
        same = wanted is None or fold(wanted) == fold(line.place.text)
        return [] if same else [f"place: wanted {wanted}, read {line.place.text!r}"]
    address = expected.get("override_address") or expected.get("to") or expected
    differences = []
    for part in ("building", "unit", "room"):
        wanted, read = address.get(part, ""), getattr(line.place, part) or ""
        if wanted is not None and fold(wanted) != fold(read):
            differences.append(f"{part}: wanted {wanted!r}, read {read!r}")
    if not any(part in address for part in ("building", "unit", "room")) and line.place:
        differences.append(f"place: wanted none, read {line.place.text!r}")
    return differences


def field_differences(expected: Expected, line: OrderLine) -> list[str]:
    """Compare the part of the address that a form's box holds; null: a person must say."""
    name, wanted = expected["field"], expected["value"]
    part = FIELD_PARTS.get(name)
    read = (getattr(line.place, part) or "") if part else " ".join((line.place.text, *texts(line.details)))
    same = wanted is None or (fold(wanted) == fold(read) if part else fold(wanted) in fold(read))
    return [] if same else [f"{name}: wanted {wanted!r}, read {read!r}"]


def building_differences(expected: Expected, line: OrderLine) -> list[str]:
    """See that no home was made of an announcement, and that its buildings, where said, are right."""
    differences = [f"room: wanted none, read {line.place.room!r}"] if line.place.room else []
    read = line.details.get("buildings")
    if "buildings" in expected and isinstance(read, list | tuple):
        wanted = [fold(building) for building in expected["buildings"]]
        if wanted != [fold(building) for building in read]:
            differences.append(f"buildings: wanted {wanted}, read {list(read)}")
    return differences


def item_differences(expected: Expected, line: OrderLine, text: str) -> list[str]:
    """Compare the items in any order; without the clerk's items, no stated quantity may appear."""
    if "items" not in expected:
        stated = [item for item in line.items if item.qty_stated]
        return [f"items: wanted none, read {words(stated)}"] if stated else []
    if "missing" in expected and not line.items:
        return []
    wanted = list(expected["items"] or expected.get("missing", ()))
    left, unmet = list(line.items), []
    for want in wanted:
        found = next((item for item in left if same_item(want, item, text, line.action)), None)
        if found is None:
            unmet.append(f"{want['name']} {want['qty']} {want['unit'] or ''}".strip())
        else:
            left.remove(found)
    if not unmet and not left:
        return []
    return [f"items: not found: {words(unmet)}; not wanted: {words(left)}"]


def same_item(want: Expected, item: Item, text: str, action: Action) -> bool:
    """Tell whether an item is the clerk's: good, quantity and unit, and for an amendment the change."""
    if not same_good(want["name"], item, text):
        return False
    change = Change(want.get("change", Change.SET))
    if want["qty"] == 0:
        return item.qty == 0 and item.change is not Change.ADD
    if action is Action.AMEND and item.change is not change:
        return False
    if want["qty"] is None:
        return True
    if item.qty is None:
        return False
    return measure(Decimal(str(want["qty"])), want["unit"] or "") == measure(item.qty, item.unit)


def same_good(name: str, item: Item, text: str) -> bool:
    """Compare by name or by code; a code that the text does not contain stands for the only good."""
    code = code_of(name)
    item_codes = {fold(item.code).translate(DIGITS), code_of(item.name)} - {""}
    if fold(name) in ONLY_GOOD or (code and not item_codes and not code_typed(code, text)):
        return fold(item.name) in ONLY_GOOD and not item.code
    return fold(name) == fold(item.name) or (code != "" and code in item_codes)


def code_of(name: str) -> str:
    """Return the code in a good's name (A, 套餐A, A套餐, 'J 鸡胸球', 套餐一); '' where it has none."""
    if match := CODE.fullmatch(fold(name)):
        return (match[1] or match[2]).translate(DIGITS)
    if match := CODE_AND_NAME.match(unicodedata.normalize("NFKC", name)):
        return match[1].casefold()
    return ""


def code_typed(code: str, text: str) -> bool:
    return code in fold(text).translate(DIGITS)


def measure(qty: Decimal, unit: str) -> tuple[Decimal, str]:
    """Quantity and unit in a form that compares: weights in grams."""
    folded = fold(unit)
    return (qty * GRAMS[folded], "g") if folded in GRAMS else (qty, folded)


def fold(value: object) -> str:
    """Fold width, case and white space."""
    return "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())


def texts(details: Mapping[str, object]) -> list[str]:
    return [value for value in details.values() if isinstance(value, str)]


def words(values: Iterable[object]) -> str:
    """Name values in one line, for the person who looks at a difference."""
    said = [
        f"{value.code or value.name} {value.qty} {value.unit}".strip()
        if isinstance(value, Item)
        else str(value)
        for value in values
    ]
    return ", ".join(sorted(said)) or "nothing"
