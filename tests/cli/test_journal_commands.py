"""The commands on the journal say what they find, in the user's language, and end with a code that scripts see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from lastmetre.cli import installation
from lastmetre.cli.database.cluster import Cluster
from lastmetre.cli.database.passwords import Role
from lastmetre.cli.journal import EXIT_TAMPERED, journal
from lastmetre.cli.speaking import EXIT_INPUT
from lastmetre.ground.journal import actions, anchor
from lastmetre.ground.journal.models import Link
from lastmetre.ground.journal.queries import verify as verifying
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.scope import acting_as


@pytest.fixture
def sealed(
    own_database: str, key_file: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database with five sealed lines, which the commands find."""
    settings.KEY_FILE = Path(shutil.copy(key_file, tmp_path))

    @contextmanager
    def ready(data: Path | None) -> Iterator[None]:
        yield

    monkeypatch.setattr(installation, "ready", ready, raising=False)
    with acting_as(SYSTEM) as now:
        for _ in range(5):
            actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
    actions.seal()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(journal, [*arguments])


def spoil(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.url(Role.KEEPER, "own"), autocommit=True) as keeper:
        keeper.execute(statement)


def test_a_whole_journal_is_said_to_be_whole(sealed: None) -> None:
    done = run("verify", "--lang", "en")
    assert (done.exit_code, done.output) == (0, "The journal is whole: 5 lines.\n")


def test_a_changed_line_is_named_with_who_what_and_when(sealed: None, cluster: Cluster) -> None:
    with acting_as(SYSTEM):
        third = Link.objects.get(position=3).entry
    spoil(cluster, f"UPDATE journal_entry SET actor = 'nobody' WHERE id = '{third}'")
    done = run("verify", "--lang", "en")
    assert done.exit_code == EXIT_TAMPERED
    assert f"Line 3 ({third}, 20" in done.output
    assert "nobody put places.place): It is not what was sealed" in done.output
    assert "第 3 条" in run("verify", "--lang", "zh").output


def test_an_interrupted_run_is_taken_up(sealed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "CHUNK", 2)
    real = verifying._Reading.take

    def interrupted(self: Any, row: bytes) -> None:
        if row.startswith(b"4\t"):
            raise KeyboardInterrupt
        real(self, row)

    monkeypatch.setattr(verifying._Reading, "take", interrupted)
    assert run("verify").exit_code == 1
    assert (anchor.read(anchor.verified()) or anchor.Head(0, b"")).position == 2
    monkeypatch.setattr(verifying._Reading, "take", real)
    done = run("verify", "--resume", "--lang", "en")
    assert "From line 3 on." in done.output
    assert "The journal is whole: 5 lines." in done.output
    assert not anchor.verified().exists()


def test_lines_are_sealed_by_hand(sealed: None) -> None:
    with acting_as(SYSTEM) as now:
        actions.record("put", "places.place", by=SYSTEM, at=now, path="d")
    assert run("seal", "--lang", "en").output == "1 lines sealed.\n"


def test_a_cut_journal_is_not_sealed_until_the_break_is_accepted(sealed: None, cluster: Cluster) -> None:
    spoil(cluster, "DELETE FROM journal_link WHERE position > 3")
    spoil(cluster, "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry FROM journal_link)")
    assert run("verify").exit_code == EXIT_TAMPERED
    refused = run("seal", "--lang", "en")
    assert refused.exit_code == EXIT_INPUT
    assert "lastmetre journal accept" in refused.output
    assert run("accept", "--why", "restored").exit_code == 0
    assert run("verify").exit_code == 0
