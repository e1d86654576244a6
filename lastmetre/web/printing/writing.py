"""Papers of rounds on disk, so that a dead server leaves paper: a folder a round, complete or not there."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from lastmetre.chain.orders.models import Round
from lastmetre.chain.orders.queries.rounds import RUNNING
from lastmetre.chain.orders.rules import RoundState
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.folder import MARK, whole_folder
from lastmetre.papers.pack import LabelKind, Pack, PhoneKind
from lastmetre.papers.workbook import file_name
from lastmetre.papers.write import write_pack
from lastmetre.terms import Translate
from lastmetre.web.printing.gathering import pack_of

FOLDER_MODE = 0o700
"""Names and phones are masked, but who lives where is not: the folder is its owner's alone."""
DIGEST = ".content"
"""Of what was printed: papers that would say the same are not set again."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How papers are written."""

    labels: tuple[LabelKind, ...] = (LabelKind.ROLL_70X50, LabelKind.SHEET)
    phone: PhoneKind = PhoneKind.TAIL
    workers: int = 2


def own_folder() -> Path:
    """Return where the papers of all open rounds are kept."""
    return Path(settings.DATA_FOLDER) / "papers"


def open_rounds() -> list[Round]:
    """Return the rounds that are neither in preparation nor over; within SYSTEM."""
    rows = Round.objects.filter(state__in=RUNNING).exclude(state=RoundState.DRAFT)
    return list(rows.select_related("place", "supplier__organisation", "book").order_by("path", "closes_at"))


def name_of(row: Round) -> str:
    """Return the name of a round's folder: compound and round, and what tells two of one name apart."""
    return file_name(f"{row.place.name} {row.title} {str(row.pk)[-6:]}")


def write_round(row: Round, folder: Path, translate: Translate, choices: Choices = Choices()) -> list[Path]:
    """Write the papers of a round into a folder of its own in `folder`; returns the files.

    Nothing is written for a round without orders, nor where the same stands there already. Raises InputError
    where it cannot be written.
    """
    with acting_as(SYSTEM) as now:
        pack = pack_of(row, translate, now=now)
    if not pack.bags:
        return []
    target, digest = folder / name_of(row), _digest(pack, choices)
    if _kept(target) == digest:
        return _files(target)
    _private(folder)
    with whole_folder(target, mode=FOLDER_MODE) as part:
        write_pack(
            pack,
            part,
            labels=choices.labels,
            phone=choices.phone,
            translate=translate,
            workers=choices.workers,
        )
        (part / DIGEST).write_text(digest)
    return _files(target)


def write_open_rounds(folder: Path, translate: Translate, choices: Choices = Choices()) -> list[Path]:
    """Write the papers of all open rounds and take away those of rounds that are over; returns the folders."""
    with acting_as(SYSTEM):
        rows = open_rounds()
    written = [folder / name_of(row) for row in rows if write_round(row, folder, translate, choices)]
    _prune(folder, written)
    return written


def _prune(folder: Path, kept: Sequence[Path]) -> None:
    """Remove folders that were made here and that no open round has; anything else is left alone."""
    for one in folder.iterdir() if folder.is_dir() else ():
        if one not in kept and one.is_dir() and (one / MARK).exists():
            shutil.rmtree(one, ignore_errors=True)


def _private(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, mode=FOLDER_MODE)


def _digest(pack: Pack, choices: Choices) -> str:
    said = repr((replace(pack, printed_on=""), choices.labels, choices.phone))
    return hashlib.sha256(said.encode()).hexdigest()


def _kept(target: Path) -> str:
    try:
        return (target / DIGEST).read_text()
    except OSError:
        return ""


def _files(target: Path) -> list[Path]:
    return sorted(one for one in target.rglob("*") if one.is_file() and not one.name.startswith("."))
