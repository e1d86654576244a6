"""The command line speaks Chinese, or English on request, and says so when it cannot."""

from pathlib import Path

import pytest

import translations
from lastmetre.cli import language
from lastmetre.terms import InputError

TEMPLATE = "The language {language} is not spoken here."
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "The language {language} is not spoken here."
msgstr "这里不会说{language}。"
"""


@pytest.fixture(autouse=True)
def _no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LASTMETRE_LANG", raising=False)


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    catalogue = tmp_path / "locale/zh/LC_MESSAGES/lastmetre.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    translations.compile_catalogues(tmp_path)
    monkeypatch.setattr(language, "LOCALE", tmp_path / "locale")
    return catalogue.with_suffix(".mo")


@pytest.mark.usefixtures("compiled")
def test_chinese_is_the_default_and_the_variable_changes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language.speak()(TEMPLATE) == "这里不会说{language}。"
    monkeypatch.setenv("LASTMETRE_LANG", "en_GB.UTF-8")
    assert language.speak()(TEMPLATE) == TEMPLATE
    assert language.speak("zh-CN")(TEMPLATE) == "这里不会说{language}。"


def test_a_language_that_is_not_spoken_is_refused_with_the_place_to_change_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputError, match=r"--lang: The language fr is not spoken here\. Take zh or en\."):
        language.speak("fr")
    monkeypatch.setenv("LASTMETRE_LANG", "de")
    with pytest.raises(InputError, match="LASTMETRE_LANG: The language de"):
        language.speak()


def test_without_a_compiled_catalogue_it_says_so_and_speaks_english(
    compiled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compiled.unlink()
    assert language.speak("zh")(TEMPLATE) == TEMPLATE
    assert "run `make run`" in capsys.readouterr().err
