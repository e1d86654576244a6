"""The pages load beside the preparing step only where this very program prepared the data before."""

from pathlib import Path

import pytest

from lastmetre.cli import readiness


def test_only_the_same_program_counts_as_having_made_it_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "rules.py").write_text("LIMIT = 1\n")
    monkeypatch.setattr(readiness, "PACKAGE", package)
    before = readiness.program()
    assert readiness.readied(tmp_path) == ""
    readiness.note_ready(tmp_path, before)
    assert readiness.readied(tmp_path) == readiness.program()
    (package / "rules.py").write_text("LIMIT = 12\n")
    assert readiness.readied(tmp_path) != readiness.program()


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    readiness.note_ready(tmp_path / "none", "x")
    assert readiness.readied(tmp_path / "none") == ""
