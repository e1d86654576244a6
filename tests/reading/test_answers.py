"""Answers are remembered beside the compound file, whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmetre.reading.answers import Remembered, answers_path, load_answers, save_answers
from lastmetre.terms import InputError

ENTROPY = bytes(range(32))


def test_the_side_car_lies_beside_the_compound_file() -> None:
    assert answers_path(Path("a/licheng.yaml")) == Path("a/licheng.answers.yaml")


def test_the_first_run_begins_a_secret_and_later_runs_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "licheng.answers.yaml"
    first = load_answers(path, entropy=ENTROPY)
    assert first == Remembered(ENTROPY.hex())
    save_answers(path, first)
    assert load_answers(path, entropy=bytes(32)).secret == ENTROPY.hex()
    with pytest.raises(ValueError, match="16 random bytes"):
        load_answers(path, entropy=b"short")


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).map(str.strip).filter(bool)


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.text("abcdefghijklmnop", min_size=12, max_size=12), TEXTS))
def test_whatever_was_answered_comes_back(answers: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "licheng.answers.yaml"
        remembered = Remembered("00" * 16, answers)
        save_answers(path, remembered)
        assert load_answers(path, entropy=ENTROPY) == remembered
        assert os.listdir(folder) == [path.name]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "licheng.answers.yaml"
    save_answers(path, Remembered("00" * 16))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_old_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "licheng.answers.yaml"
    save_answers(path, Remembered("00" * 16, {"a" * 12: "3-501"}))
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="cannot be remembered"):
        save_answers(path, Remembered("11" * 16))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize(
    "text", ["answers: [1]", "secret: [1]", "secert: ab", "secret: abc", "answers: {a: [1]}", "a: b: c"]
)
def test_a_damaged_side_car_is_refused_with_its_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "licheng.answers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_answers(path, entropy=ENTROPY)
    assert refused.value.source is not None
    assert refused.value.source.row == 1
