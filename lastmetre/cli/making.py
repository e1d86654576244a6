"""What `sheets` and `demo` do: read, settle, share, load, print; nothing half done."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import click
import yaml

from lastmetre.cli.inputs import Inputs
from lastmetre.cli.packing import Hands, Packing, build_pack
from lastmetre.cli.sharing import Credits, share_out
from lastmetre.cli.speaking import EXIT_DOUBTS
from lastmetre.cli.summary import KEPT, Done, print_summary
from lastmetre.papers.folder import whole_folder
from lastmetre.papers.pack import LabelKind, LabelPer, Pack, PhoneKind
from lastmetre.papers.review import write_review
from lastmetre.papers.write import write_pack
from lastmetre.planning import cases
from lastmetre.reading.answers import Remembered, answers_path, load_answers, save_answers
from lastmetre.reading.offers import read_stock
from lastmetre.reading.reviews import (
    REVIEW_HEADERS,
    SUGGESTION_SEPARATOR,
    ReviewRow,
    read_review,
    review_rows,
)
from lastmetre.reading.sources import Round, read_round
from lastmetre.reading.yaml_files import read_yaml
from lastmetre.terms import Compound, InputError, OrderLine, Sentence, Source, Translate, say

CREDITS_FILE = "credits.yaml"
REVIEW_FILE = "review.xlsx"
_STRANGERS = 5
"""Fewer orders from elsewhere are asked about one by one."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for besides its inputs."""

    compound_file: Path
    output: Path
    stock: Path | None = None
    review: Path | None = None
    """None: the answers in the output folder's own review.xlsx count, where there is one."""
    credits: Path | None = None
    labels: tuple[LabelKind, ...] = (LabelKind.SHEET,)
    label_per: LabelPer = LabelPer.HOUSEHOLD
    phone: PhoneKind = PhoneKind.TAIL
    hands: Hands = field(default_factory=Hands)
    confirm: str | None = None
    """Hash of the preview that a person checked."""
    remember: bool = True
    """Whether answers and secret are kept beside the compound file."""
    last_case: Fraction = cases.UP
    """What part of a supplier's last case must be wanted for it to be ordered."""
    workers: int = 2


@dataclass(frozen=True, slots=True)
class _Review:
    rows: Sequence[ReviewRow]
    kept: Sequence[OrderLine]
    """Questions, complaints and reports: they order nothing, but want an answer."""


@dataclass(frozen=True, slots=True)
class _Settled:
    read: Round
    memory: Remembered
    notices: tuple[Sentence, ...]


def make_sheets(given: Inputs, compound: Compound, options: Options, translate: Translate) -> int:
    """Make the papers of what was read; returns 3 where doubts are left, else 0. Raises InputError."""
    settled = _settle(given, compound, options)
    read = settled.read
    _check_confirmed(options.confirm, read)
    _check_compound(read, compound)
    stock = read_stock(options.stock, read.offer) if options.stock else {}
    owed = _read_credits(options.credits) if options.credits else {}
    heads = {house.home: house.head_count for house in compound.households if house.head_count}
    sharing = share_out(read.clear, read.offer, heads, stock, owed, options.last_case)
    round_ = Packing(
        compound=compound,
        offer=read.offer,
        orders=read.clear,
        sharing=sharing,
        totals=read.reading.totals,
        secret=bytes.fromhex(settled.memory.secret),
        printed_on=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        hands=options.hands,
        notices=(*settled.notices, *_waiting(read)),
    )
    pack, plan = build_pack(round_, translate)
    rows = review_rows(read.doubtful, settled.memory.answers)
    review = _Review(rows, [line for line in read.reading.lines if line.action in KEPT])
    written = _write(pack, review, sharing.credits, options, translate)
    if options.remember:
        save_answers(answers_path(options.compound_file), settled.memory)
    print_summary(Done(read, pack, plan, options.output, written, settled.notices), translate)
    return EXIT_DOUBTS if rows else 0


def _settle(given: Inputs, compound: Compound, options: Options) -> _Settled:
    """Read everything together, with the answers remembered and those of the review workbook."""
    memory = load_answers(answers_path(options.compound_file), entropy=secrets.token_bytes(32))
    read = read_round(given.readings, compound=compound, offer=given.offer, answers=memory.answers)
    own = options.output / REVIEW_FILE
    review = options.review or (own if own.exists() else None)
    if review is None:
        return _Settled(read, memory, given.notices)
    answered = read_review(review, review_rows(read.doubtful), compound)
    memory = Remembered(memory.secret, {**memory.answers, **answered.typed})
    read = read_round(given.readings, compound=compound, offer=given.offer, answers=memory.answers)
    return _Settled(read, memory, (*given.notices, *answered.unread))


def _check_confirmed(confirm: str | None, read: Round) -> None:
    """Refuse a reading that differs from the preview that a person checked."""
    if confirm is not None and confirm != read.reading.hash:
        raise InputError(
            say("The orders are no longer those of the preview {hash}.", hash=confirm),
            remedy=say(
                "Look at the difference with `lastmetre compare`, then confirm {hash}.",
                hash=read.reading.hash,
            ),
        )


def _check_compound(read: Round, compound: Compound) -> None:
    """Refuse a compound file in which hardly any of the homes named exists: it is another compound's."""
    strangers = [line for line in read.homeless if line.place.room]
    if len(strangers) >= _STRANGERS and len(read.orders) * 10 < len(strangers):
        raise InputError(
            say(
                "{count} orders name homes that {compound} does not have, the first one “{text}”.",
                count=len(strangers),
                compound=compound.name,
                text=strangers[0].place.text,
            ),
            remedy=say("Check that it is the compound file of these orders."),
            source=strangers[0].source,
        )


def _waiting(read: Round) -> list[Sentence]:
    held = [order for order in read.orders if order.doubts]
    if not held and not read.homeless:
        return []
    homes = "、".join(str(order.home) for order in held) or "-"
    return [
        say(
            "Not in these papers until a person has answered: {homes}; lines without a home: {count}.",
            homes=homes,
            count=len(read.homeless),
        )
    ]


def _write(
    pack: Pack, review: _Review, credits: Credits, options: Options, translate: Translate
) -> list[Path]:
    label = say("Typesetting").text(translate)
    with (
        whole_folder(options.output) as folder,
        click.progressbar(length=1, label=label, show_eta=False) as bar,
    ):

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        files = write_pack(
            pack,
            folder,
            labels=options.labels,
            label_per=options.label_per,
            phone=options.phone,
            translate=translate,
            workers=options.workers,
            progress=step,
        )
        _write_review(folder / REVIEW_FILE, review, translate)
        (folder / CREDITS_FILE).write_text(yaml.safe_dump(credits, allow_unicode=True), encoding="utf-8")
        names = [file.relative_to(folder) for file in files]
    return [options.output / name for name in (*names, Path(REVIEW_FILE))]


def _write_review(path: Path, review: _Review, translate: Translate) -> None:
    texts = [
        (
            row.key,
            str(row.source),
            row.raw,
            row.sentence.text(translate),
            SUGGESTION_SEPARATOR.join(row.suggestions),
            row.answer,
        )
        for row in review.rows
    ]
    kept = [(str(line.source), KEPT[line.action].text(translate), line.raw) for line in review.kept]
    name = say("Other messages").text(translate)
    write_review(path, list(REVIEW_HEADERS.values()), texts, name, kept)


def _read_credits(path: Path) -> Credits:
    content = read_yaml(path).content
    if not isinstance(content, dict):
        raise InputError(
            say("This is no credits file."),
            remedy=say("Give credits.yaml from the folder of the last round."),
            source=Source(path.name),
        )
    return {
        good: {home: int(value.number()) for home, value in homes.content.items()}
        for good, homes in content.items()
        if isinstance(homes.content, dict)
    }
