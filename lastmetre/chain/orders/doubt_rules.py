"""Which doubts are one question, and which answers hold for more of them. Pure, no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from lastmetre.chain.orders.intake_rules import Also, Asking
from lastmetre.reading.reviews import AnswerKind
from lastmetre.reading.settling import NEEDS_MORE

ACCEPT = "确认"
"""The answer that takes a reading as it stands."""
OF_HOME = frozenset(
    "no_home nobody which_home no_such_home no_such_building other_lane building_missing room_missing "
    "home_missing".split()
)
"""One home answers all of these at once."""
_CHOICES = frozenset("either two_homes which_home which_good conflict date_for_home glued_address".split())
_OF_GOOD = frozenset(("which_good", "unknown_good"))
_WITHOUT_GOOD = frozenset("loose_amount code_or_place same_as_what amends_what odd_name".split())
"""What a message without its good raises besides: who names the good has said these too."""
_NEAR = 0.5
"""So much of two names is alike that one may be a slip for the other."""


def one_question_each(askings: Sequence[Asking]) -> list[Asking]:
    """Ask once for the doubts of one message that have one cause: a home that is unclear, a good that is not named."""
    homes = [one for one in askings if one.code in OF_HOME]
    goods = [one for one in askings if one.code in _OF_GOOD]
    groups = [homes] if homes else []
    if len(goods) == 1:
        groups.append([goods[0], *(one for one in askings if _is_of(one, goods[0]))])
    asked = {one.key: one for one in askings}
    for group in groups:
        lead = next((one for one in group if one.suggestions), group[0])
        others = [one for one in group if one is not lead]
        asked[lead.key] = replace(lead, also=tuple(Also(one.key, one.code, one.sentence) for one in others))
        for one in others:
            del asked[one.key]
    return list(asked.values())


def _is_of(one: Asking, good: Asking) -> bool:
    """Whether a doubt is settled by the good that another asks for; an odd name only where it is the same one."""
    if one.code == "odd_name":
        return one.sentence.values == good.sentence.values
    return one.code in _WITHOUT_GOOD


def answers_by_key(asking: Asking, typed: str, kind: AnswerKind) -> Iterator[tuple[str, str]]:
    """Yield what is remembered for each doubt of a question."""
    yield asking.key, typed
    for other in asking.also:
        if kind in (AnswerKind.ACCEPT, AnswerKind.DROP) or (
            kind is AnswerKind.PLACE and asking.code in OF_HOME
        ):
            yield other.key, typed
        elif kind is AnswerKind.ORDER and asking.code in _OF_GOOD:
            yield other.key, ACCEPT


def is_alike(one: Asking, other: Asking) -> bool:
    """Whether two doubts ask the same and offer nothing of their own: one yes may be meant for both."""
    return bool(
        may_stand(one)
        and not (one.suggestions or other.suggestions)
        and one.code == other.code == "refused"
        and one.sentence == other.sentence
    )


def is_answered_too(one: Asking, other: Asking, typed: str, kind: AnswerKind) -> bool:
    """Whether an answer says what the same words mean elsewhere: which good a name is, or that a word adds nothing."""
    if one.code != other.code or not one.sentence.values or one.sentence != other.sentence:
        return False
    if one.code == "unknown_good":
        return typed in one.suggestions and one.suggestions == other.suggestions
    return one.code == "unknown_word" and kind is AnswerKind.ACCEPT


def must_choose(asking: Asking) -> bool:
    """Whether the answers offered exclude each other and none is likelier: Enter alone picks none of them."""
    is_open = asking.code in _CHOICES or (asking.code == "unknown_good" and not _is_near(asking))
    return is_open and len(asking.suggestions) > 1


def _is_near(asking: Asking) -> bool:
    """Whether the first good that is offered is spelled much as the one that was written: 蔬莱包 and 蔬菜包."""
    name = str(dict(asking.sentence.values).get("name", ""))
    return (
        SequenceMatcher(None, name, asking.suggestions[0]).ratio() >= _NEAR if asking.suggestions else False
    )


def may_stand(asking: Asking) -> bool:
    """Whether yes settles it: what was understood is enough for an order, and no choice is asked for."""
    needs_more = asking.code in NEEDS_MORE or asking.code == "home_missing"
    return asking.is_whole and not needs_more and not must_choose(asking)


def is_of_rules(asking: Asking) -> bool:
    """Whether what was written is clear, and only a rule or another order stands against it."""
    return asking.code in ("refused", "conflict")
