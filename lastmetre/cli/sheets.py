"""`lastmetre sheets`: orders of any kind -> the papers of a round, the review workbook, a summary."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click
import yaml

from lastmetre.cli.folder import whole_folder
from lastmetre.cli.inputs import Inputs, gather
from lastmetre.cli.packing import Hands, build_pack
from lastmetre.cli.packing import Round as PackRound
from lastmetre.cli.sharing import Credits, share_out
from lastmetre.cli.speaking import EXIT_DOUBTS, command, option
from lastmetre.cli.summary import Done, print_summary
from lastmetre.papers.pack import LabelKind, LabelPer, PhoneKind
from lastmetre.papers.review import write_review
from lastmetre.papers.write import write_pack
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
from lastmetre.terms import InputError, Sentence, Source, Translate, say

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CREDITS_FILE = "credits.yaml"
REVIEW_FILE = "review.xlsx"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for besides the inputs."""

    labels: tuple[LabelKind, ...] = (LabelKind.SHEET,)
    label_per: LabelPer = LabelPer.HOUSEHOLD
    phone: PhoneKind = PhoneKind.TAIL
    hands: Hands = field(default_factory=Hands)
    workers: int = 2


@command("sheets", say("From orders to labels, pick lists, cart sheets, door sheets and money sheets."))
@click.argument("inputs", nargs=-1, required=True)
@option("--compound", type=FILE, required=True, sentence=say("The compound file (YAML or roster workbook)."))
@option("--offer", type=FILE, sentence=say("The offer file (YAML or workbook)."))
@option("--stock", type=FILE, sentence=say("What there is of each good; what is not named is not limited."))
@option("--review", type=FILE, sentence=say("The review workbook with the answers filled in."))
@option(
    "--credits",
    "credits_file",
    type=FILE,
    sentence=say("credits.yaml of the last round: what it still owes."),
)
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="sheets",
    show_default=True,
    sentence=say("The folder for the papers; it appears complete or not at all."),
)
@option(
    "--labels",
    type=click.Choice([kind.value for kind in LabelKind]),
    multiple=True,
    default=["a4"],
    show_default=True,
    sentence=say("Size of the labels in mm; a4 is 24 on a sheet. Can be repeated."),
)
@option(
    "--label-per",
    type=click.Choice([per.value for per in LabelPer]),
    default="household",
    show_default=True,
    sentence=say("A label for each household's bag, or for each piece."),
)
@option(
    "--phone",
    type=click.Choice([kind.value for kind in PhoneKind]),
    default="tail",
    show_default=True,
    sentence=say("How much of the phone number the papers show."),
)
@option(
    "--people", type=click.IntRange(1), sentence=say("Volunteers at hand; without it, as many as are needed.")
)
@option(
    "--carts", type=click.IntRange(1), sentence=say("Carts at hand; without it, one for each unit and more.")
)
@option("--column", "columns", multiple=True, sentence=say("What a column is: 房号=room; can be repeated."))
@option(
    "--confirm", sentence=say("The hash of the preview that was checked; a different reading is refused.")
)
@option(
    "--workers",
    type=click.IntRange(1, 16),
    default=2,
    show_default=True,
    sentence=say("Processes that typeset."),
)
def sheets(
    inputs: tuple[str, ...],
    compound: Path,
    offer: Path | None,
    stock: Path | None,
    review: Path | None,
    credits_file: Path | None,
    output: Path,
    labels: tuple[str, ...],
    label_per: str,
    phone: str,
    people: int | None,
    carts: int | None,
    columns: tuple[str, ...],
    confirm: str | None,
    workers: int,
    translate: Translate,
) -> int:
    """Read, share, load, print."""
    options = Options(
        tuple(map(LabelKind, labels)), LabelPer(label_per), PhoneKind(phone), Hands(people, carts), workers
    )
    given = gather(inputs, compound=compound, offer=offer, columns=columns)
    return make_sheets(
        given,
        compound,
        translate,
        output,
        options,
        stock=stock,
        review=review,
        credits_file=credits_file,
        confirm=confirm,
    )


def make_sheets(
    given: Inputs,
    compound_file: Path,
    translate: Translate,
    output: Path,
    options: Options = Options(),
    *,
    stock: Path | None = None,
    review: Path | None = None,
    credits_file: Path | None = None,
    confirm: str | None = None,
    remember: bool = True,
) -> int:
    """Make the papers of what was read; returns 3 where doubts are left, else 0. Raises InputError."""
    compound = given.compound
    assert compound is not None  # gather read the file that the caller names
    memory = load_answers(answers_path(compound_file), entropy=secrets.token_bytes(32))
    read = read_round(given.readings, compound=compound, offer=given.offer, answers=memory.answers)
    notices = list(given.notices)
    if review:
        answered = read_review(review, review_rows(read.doubtful), compound)
        memory = Remembered(memory.secret, {**memory.answers, **answered.typed})
        read = read_round(given.readings, compound=compound, offer=given.offer, answers=memory.answers)
        notices += answered.unread
    _check_confirmed(confirm, read)
    available = read_stock(stock, read.offer) if stock else {}
    owed = _read_credits(credits_file) if credits_file else {}
    heads = {house.home: house.head_count for house in compound.households if house.head_count}
    sharing = share_out(read.clear, read.offer, heads, available, owed)
    rows = review_rows(read.doubtful, memory.answers)
    round_ = PackRound(
        compound=compound,
        offer=read.offer,
        orders=read.clear,
        sharing=sharing,
        totals=read.reading.totals,
        secret=bytes.fromhex(memory.secret),
        printed_on=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        hands=options.hands,
        notices=[*notices, *_waiting(read)],
    )
    pack, plan = build_pack(round_, translate)
    with whole_folder(output) as folder:
        with click.progressbar(length=1, label=say("Typesetting").text(translate), show_eta=False) as bar:

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
        _write_review(folder / REVIEW_FILE, rows, translate)
        _write_credits(folder / CREDITS_FILE, sharing.credits)
        names = [file.relative_to(folder) for file in files]
    if remember:
        save_answers(answers_path(compound_file), memory)
    written = [output / name for name in (*names, Path(REVIEW_FILE))]
    print_summary(Done(read, pack, plan, output, written, notices), translate)
    return EXIT_DOUBTS if rows else 0


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


def _write_review(path: Path, rows: Sequence[ReviewRow], translate: Translate) -> None:
    write_review(
        path,
        list(REVIEW_HEADERS.values()),
        [
            (
                row.key,
                str(row.source),
                row.raw,
                row.sentence.text(translate),
                SUGGESTION_SEPARATOR.join(row.suggestions),
                row.answer,
            )
            for row in rows
        ],
    )


def _write_credits(path: Path, credits: Credits) -> None:
    path.write_text(yaml.safe_dump(credits, allow_unicode=True), encoding="utf-8")


def _read_credits(path: Path) -> Credits:
    root = read_yaml(path)
    content = root.content
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
