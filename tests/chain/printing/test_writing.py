"""Papers on disk: of every open round, whole, private, renewed only where something changed, gone with the round."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from relay import Relay

from lastmetre.chain.orders.actions.rounds import cancel_round
from lastmetre.cli.paper_rounds import write
from lastmetre.ground.journal.models import Entry
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.folder import MARK
from lastmetre.papers.pack import LabelKind, PhoneKind
from lastmetre.terms import InputError, untranslated
from lastmetre.web.printing.writing import Choices, name_of, write_open_rounds

QUICK = Choices(labels=(LabelKind.SHEET,), workers=1)


def test_a_dead_server_leaves_the_papers_of_every_open_round(relay: Relay, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    assert write_open_rounds(folder, untranslated, QUICK) == []  # nobody has ordered
    relay.asked()
    [written] = write_open_rounds(folder, untranslated, QUICK)
    assert written.name.startswith("开元丽城 第一批")
    assert {one.suffix for one in written.iterdir() if one.is_file()} >= {".pdf", ".xlsx"}
    assert stat.S_IMODE(written.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    before = (written / "All sheets.pdf").stat().st_mtime_ns
    write_open_rounds(folder, untranslated, QUICK)
    assert (written / "All sheets.pdf").stat().st_mtime_ns == before  # nothing changed: not set again
    relay.ask("201", {"R1": "3"})
    write_open_rounds(folder, untranslated, QUICK)
    assert (written / "All sheets.pdf").stat().st_mtime_ns > before
    assert [one.name for one in folder.iterdir()] == [written.name]  # no half-written one beside it

    (folder / "notes of the liaison").mkdir()
    with acting_as(SYSTEM) as now:
        cancel_round(relay.round, why="lorry broke down", by=SYSTEM, at=now)
    assert write_open_rounds(folder, untranslated, QUICK) == []
    assert [one.name for one in folder.iterdir()] == ["notes of the liaison"]


def test_a_folder_that_somebody_else_filled_is_not_overwritten(relay: Relay, tmp_path: Path) -> None:
    relay.asked()
    taken = tmp_path / name_of(relay.round)
    taken.mkdir()
    (taken / "family photos.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        write_open_rounds(tmp_path, untranslated, QUICK)
    assert [one.name for one in taken.iterdir()] == ["family photos.txt"]


def test_a_round_is_named_by_title_or_id(relay: Relay, tmp_path: Path) -> None:
    relay.asked()
    for words in ("第一批", str(relay.round.pk)):
        written = write(words, tmp_path, (LabelKind.SHEET,), PhoneKind.NONE, untranslated, all_=False)
        assert [(path / MARK).exists() for path in written] == [True]
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb="printed", thing=relay.round.pk).count() == 2
    for words in ("第九批", ""):
        with pytest.raises(InputError, match="第一批"):
            write(words, tmp_path, (), PhoneKind.NONE, untranslated, all_=False)
