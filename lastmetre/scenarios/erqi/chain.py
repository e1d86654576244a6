"""Writes the chat: one chain, posted, posted again with changes, and talked over until it closes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lastmetre.terms import Good, Household

from . import phrases
from .day import MIDDLE, Turn
from .script import BETWEEN_COPIES, HEADER, REPOST_HEADER, REPOSTED, TAIL, Said
from .truth import Truth
from .wording import FULL_WIDTH, order_line

FILE = "chain.txt"
REPOSTED_ENTRIES = 34
RENUMBERED_FROM = 22
"""Two people had taken one number: from here the later copy counts one higher."""
CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
MISCOUNT = 3
"""By so much one building leader's total is wrong."""
ONLY_TALKED_ABOUT = {
    "3-501", "3-502", "2-1504", "4-1705", "7-303", "7-402", "3-1604", "8-502", "2-1502", "5-702", "6-1201",
}  # fmt: skip
"""Homes that ask, complain, or cancel where their entry stands."""


def scripted_homes() -> set[str]:
    """Return the homes ('3-503') that the script speaks of and nobody else may use."""
    turns = [said for turn in MIDDLE for said in (turn if isinstance(turn, tuple) else (turn,))]
    waiting = {place for said in turns for place in said.open_homes}
    words = " ".join(said.effect for said in (*turns, *REPOSTED)).replace(";", " ").split()
    return waiting | {word for word in words if word[0].isdigit()} | ONLY_TALKED_ABOUT


class Chat:
    """The chat's lines so far, and what they mean."""

    def __init__(self, rng: random.Random, truth: Truth) -> None:
        self.rng = rng
        self.truth = truth
        self.lines: list[str] = []
        self.number = 0

    def block(self, text: str) -> None:
        """Write a chain's header."""
        for line in [*text.split("\n"), ""]:
            self.lines.append(line)
            if line:
                self.truth.kinds["header"].append(len(self.lines))

    def mark(self, number: int) -> str:
        """Write a list mark the way somebody's phone does."""
        mark = self.rng.choices(list(phrases.MARKS), list(phrases.MARKS.values()))[0]
        if "{circled}" in mark and number > len(CIRCLED):
            mark = "{n}. "
        wide = str(number).translate(FULL_WIDTH)
        return mark.format(n=number, wide=wide, circled=CIRCLED[number - 1 : number])

    def next_number(self) -> int:
        """Count on, with the gaps and collisions of a chain that many people extend at once."""
        self.number += self.rng.choices((0, 1, 2), (3, 93, 4))[0]
        return self.number

    def say(self, said: Said, number: int | None = None) -> None:
        """Write one line and note what it means."""
        text = said.text
        if said.has_number:
            text = self.mark(self.next_number() if number is None else number) + text
        self.lines.append(text)
        line = len(self.lines)
        self.truth.kinds[said.kind].append(line)
        self.truth.apply(said.effect)
        if said.person:
            self.truth.ask(file=FILE, line=line, text=text, why=said.person, homes=said.open_homes)


def _first_copies(chat: Chat, entries: Sequence[Said]) -> None:
    chat.block(HEADER)
    for number, said in enumerate(entries, start=1):
        chat.lines.append(chat.mark(number) + (said.earlier or said.text))
        chat.truth.superseded.append(len(chat.lines))
    chat.lines.append("")
    for said in BETWEEN_COPIES:
        chat.say(said)
    chat.lines.append("")
    chat.block(REPOST_HEADER)
    for number, said in enumerate(entries, start=1):
        chat.number = number + (number >= RENUMBERED_FROM)
        again = replace(said, text=said.text.replace("，", " ")) if chat.rng.random() < 0.2 else said
        chat.say(again, chat.number)


def _merged(rng: random.Random, script: Sequence[Turn], ordinary: Sequence[Said]) -> Iterator[Said]:
    """Mix both at random, each keeping its order."""
    left, right = list(reversed(script)), list(reversed(ordinary))
    while left or right:
        if rng.random() * (len(left) + len(right)) < len(left):
            turn = left.pop()
            yield from turn if isinstance(turn, tuple) else (turn,)
        else:
            yield right.pop()


def _total(chat: Chat, said: Said) -> None:
    truth = chat.truth
    counted = {
        f"{code}{building}": truth.of_building(building, code) for building in "578" for code in "ABCDEH"
    }
    agrees = "A5_wrong" not in said.text
    text = said.text.format(A5_wrong=counted["A5"] + MISCOUNT, **counted)
    chat.say(replace(said, text=text))
    truth.totals.append({"line": len(chat.lines), "text": text, "agrees": agrees})


def write(
    rng: random.Random,
    truth: Truth,
    people: Sequence[Household],
    offer: dict[str, Good],
    nicknames: list[str],
) -> list[str]:
    """Return the chat's lines; `people` are those who order in the ordinary way."""
    ordinary = [Said(*order_line(rng, person, offer, nicknames)) for person in people]
    early = REPOSTED_ENTRIES - len(REPOSTED)
    chat = Chat(rng, truth)
    _first_copies(chat, list(_merged(rng, REPOSTED, ordinary[:early])))
    for said in _merged(rng, MIDDLE, ordinary[early:]):
        chat.say(said)
    chat.lines.append("")
    for said in TAIL:
        if said.kind == "total":
            _total(chat, said)
        else:
            chat.say(said)
    return chat.lines
