"""A person's answers applied to doubtful lines: accepted, dropped, given a home, or ordered anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lastmetre.reading.folding import bare
from lastmetre.reading.items import read_items
from lastmetre.reading.merging import DOUBTS_OF_MERGING
from lastmetre.reading.reviews import Answer, AnswerKind, doubt_key, parse_answer, review_key
from lastmetre.terms import Action, Compound, Doubt, Item, Offer, OrderLine

Resolve = Callable[[OrderLine], OrderLine]
NEEDS_MORE = frozenset(
    "no_home nobody which_home no_such_home no_such_building other_lane building_missing room_missing "
    "unknown_good which_good other_unit step either".split()
)
"""Accepting the reading does not settle these: home, good or amount is still unknown."""
_OF_ITEMS = frozenset(("unknown_good", "which_good"))
_NOWHERE = ("no_home", "")
"""A line without any address: merging asks for it once all else is clear."""


def settle(
    line: OrderLine, answers: Mapping[str, str], resolve: Resolve, compound: Compound, offer: Offer
) -> OrderLine:
    """Resolve a line and apply every answer that a person gave to its doubts; `answers` is by review key."""
    settled: set[tuple[str, str]] = set()
    kept: set[tuple[str, str]] = set()
    while True:
        resolved = resolve(line)
        left = tuple(doubt for doubt in resolved.doubts if (doubt.code, doubt.about) not in settled)
        asked = [doubt for doubt in left if (doubt.code, doubt.about) not in kept]
        found = next(
            ((doubt, typed) for doubt in asked if (typed := answers.get(doubt_key(line, doubt), ""))), None
        )
        if found is None and not resolved.home and _NOWHERE not in settled:
            settled.add(_NOWHERE)
            if (placed := _placed(line, answers, compound)) is not None:
                line = placed
                continue
        if found is None:
            return _dropped_by_merging(replace(resolved, doubts=left), answers)
        doubt, typed = found
        answer = parse_answer(typed, doubt.suggestions, compound)
        if answer is None or (answer.kind is AnswerKind.ACCEPT and not _can_stand(resolved, doubt)):
            kept.add((doubt.code, doubt.about))
            continue
        settled.add((doubt.code, doubt.about))
        if answer.kind is AnswerKind.DROP:
            return replace(line, action=Action.NONE, doubts=())
        line = _applied(line, doubt, answer, offer)


def _can_stand(line: OrderLine, doubt: Doubt) -> bool:
    """Whether a reading can be taken as it is: without a home, a good or a quantity it would be lost in silence."""
    return doubt.code not in NEEDS_MORE and all(item.qty is not None for item in line.items)


def _typed(line: OrderLine, code: str, answers: Mapping[str, str]) -> str:
    return answers.get(review_key(line.raw, code, line.seq), "")


def _placed(line: OrderLine, answers: Mapping[str, str], compound: Compound) -> OrderLine | None:
    """A line that had no home with the home that a person gave it, or left out; None where nobody answered."""
    answer = parse_answer(_typed(line, _NOWHERE[0], answers), (), compound)
    if answer and answer.kind is AnswerKind.DROP:
        return replace(line, action=Action.NONE, doubts=())
    if answer and answer.kind is AnswerKind.PLACE and answer.place is not None:
        return replace(line, place=answer.place, home=None)
    return None


def _dropped_by_merging(line: OrderLine, answers: Mapping[str, str]) -> OrderLine:
    """A line that came twice may be dropped by the answer to a doubt that only merging finds."""
    for code in DOUBTS_OF_MERGING:
        answer = parse_answer(_typed(line, code, answers))
        if answer and answer.kind is AnswerKind.DROP:
            return replace(line, action=Action.NONE, doubts=())
    return line


def _applied(line: OrderLine, doubt: Doubt, answer: Answer, offer: Offer) -> OrderLine:
    others = tuple(other for other in line.doubts if other.code != doubt.code)
    if answer.kind is AnswerKind.PLACE and answer.place is not None:
        return replace(line, place=answer.place, home=None, doubts=_without_home_doubts(others))
    if answer.kind is AnswerKind.ORDER:
        named = _good_named(answer.text, offer)
        if doubt.code in _OF_ITEMS and named:
            return replace(
                line, items=tuple(_renamed(item, named, doubt.about) for item in line.items), doubts=others
            )
        items, more = read_items(answer.text, offer.goods)
        action = Action.AMEND if line.action in (Action.SHORTAGE, Action.COMPLAINT) else line.action
        return replace(line, action=action, items=items, doubts=more)
    return replace(line, doubts=others)


def _without_home_doubts(doubts: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    about_home = (
        "two_homes",
        "room_missing",
        "building_missing",
        "nobody",
        "proxy_home",
        "phase",
        "glued_address",
    )
    return tuple(doubt for doubt in doubts if doubt.code not in about_home)


def _good_named(text: str, offer: Offer) -> str:
    """The code of the good whose name, and nothing else, was picked or typed."""
    wanted = bare(text)
    return next((good.code for good in offer.goods if wanted in (bare(good.name), bare(good.code))), "")


def _renamed(item: Item, code: str, name: str) -> Item:
    """Give the picked good to the item that the doubt is about; the others stay."""
    return replace(item, good=code) if item.name == name and not item.good else item
