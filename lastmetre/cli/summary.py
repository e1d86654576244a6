"""The end of a run in words that a tired person understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from lastmetre.papers.pack import Pack
from lastmetre.papers.totals import money
from lastmetre.planning.carts import Plan
from lastmetre.reading.sources import Round
from lastmetre.terms import Action, Sentence, Translate, say

KEPT = {
    Action.QUESTION: say("question"),
    Action.COMPLAINT: say("complaint"),
    Action.SHORTAGE: say("something missing"),
}
"""Messages that order nothing but want an answer, and what they are called."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run of `sheets` made."""

    round: Round
    pack: Pack
    carts: Plan
    folder: Path
    files: Sequence[Path]
    notices: Sequence[Sentence]


def print_summary(done: Done, translate: Translate) -> None:
    """Print figures, then what needs a person, then where the papers lie."""
    for sentence in _figures(done):
        click.echo(sentence.text(translate))
    for sentence in _attention(done):
        click.echo(click.style("! " + sentence.text(translate), fg="yellow"))
    click.echo(say("The papers lie in {folder}:", folder=str(done.folder)).text(translate))
    for file in done.files:
        if file.parent == done.folder:
            click.echo(f"  {file.name}")


def _figures(done: Done) -> list[Sentence]:
    pack, sums = done.pack, money(done.pack.bags, {good.code: good for good in done.pack.goods})
    carts = {bag.cart for bag in pack.bags}
    return [
        say(
            "{lines} messages and rows read; {households} households ordered; {bags} bags.",
            lines=len(done.round.reading.lines),
            households=len(done.round.orders),
            bags=len(pack.bags),
        ),
        say(
            "{carts} carts, {waves} waves, {people} people.",
            carts=len(carts),
            waves=done.carts.waves,
            people=done.carts.people,
        ),
        say(
            "Due {due} yuan; {claimed} said to be paid, {open} open.",
            due=_yuan(sums.due_fen),
            claimed=_yuan(sums.claimed_fen),
            open=_yuan(sums.open_fen),
        ),
    ]


def _attention(done: Done) -> list[Sentence]:
    sentences: list[Sentence] = []
    waiting = len(done.round.doubtful)
    if waiting:
        held = sum(1 for order in done.round.orders if order.doubts)
        sentences.append(
            say(
                "{waiting} lines need a person: fill in the column “answer” of review.xlsx, save it and run the same "
                "command again. {held} households are not packed until then.",
                waiting=waiting,
                held=held,
            )
        )
    short = sorted({shortage.good for shortage in done.pack.shortages})
    if short:
        names = {good.code: good.name for good in done.pack.goods}
        sentences.append(
            say(
                "Short: {goods}. Reasons and credits: see the shortage notice.",
                goods="、".join(names[code] for code in short),
            )
        )
    kept = sum(1 for line in done.round.reading.lines if line.action in KEPT)
    if kept:
        sentences.append(
            say(
                "{kept} questions, complaints and reports want an answer: see the second sheet of review.xlsx.",
                kept=kept,
            )
        )
    wrong = [total for total in done.round.reading.totals if not total.agrees]
    sentences += [total.sentence for total in wrong]
    return [*sentences, *done.notices, *done.carts.notes]


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"
