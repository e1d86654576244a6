"""The command line speaks Chinese, or English on request, and says so when it cannot."""

from pathlib import Path

import pytest

import translations
from lastmetre.cli import language
from lastmetre.cli.speaking import Progress
from lastmetre.terms import say, untranslated
from lastmetre.web.migrate import Counting

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Cart {number}"
msgstr "{number}号车"
"""


@pytest.fixture(autouse=True)
def _no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LASTMETRE_LANG", raising=False)


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Compile a catalogue of one sentence and let the command line use it."""
    catalogue = tmp_path / "locale/zh/LC_MESSAGES/lastmetre.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    translations.compile_catalogues(tmp_path)
    monkeypatch.setattr(language, "LOCALE", tmp_path / "locale")
    return catalogue.with_suffix(".mo")


@pytest.mark.usefixtures("compiled")
def test_chinese_is_the_default_and_english_is_there_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language.speak()("Cart {number}") == "{number}号车"
    assert language.speak("en")("Cart {number}") == "Cart {number}"
    monkeypatch.setenv("LASTMETRE_LANG", "en_GB.UTF-8")
    assert language.speak()("Cart {number}") == "Cart {number}"
    assert language.speak("zh")("Cart {number}") == "{number}号车"


def test_without_compiled_texts_it_says_so_once_and_speaks_english(
    compiled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compiled.unlink()
    assert language.speak("zh")("Cart {number}") == "Cart {number}"
    assert "run `make run`" in capsys.readouterr().err
    language.speak("zh")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("every_s", "lines"), [(0.0, 3), (3600.0, 0)])
def test_a_long_step_says_how_far_it_is_but_not_all_the_time(
    capsys: pytest.CaptureFixture[str], every_s: float, lines: int
) -> None:
    progress = Progress(untranslated, every_s=every_s)
    for done in range(3):
        progress.tell(say("{done} of 3", done=done))
    assert capsys.readouterr().out.splitlines() == [f"{done} of 3" for done in range(lines)]


def test_each_migration_that_is_applied_is_counted_once() -> None:
    told: list[int] = []
    counting = Counting(told.append)
    for _ in range(2):
        for action in ("apply_start", "apply_success", "render_start", "render_success"):
            counting.migration_progress_callback(action, None, fake=False)
    assert told == [1, 2]
