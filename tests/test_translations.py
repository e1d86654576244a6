"""Every sentence for people can be said in Chinese (translations.py)."""

import ast
import shutil
from pathlib import Path
from string import Formatter

import pytest

import translations

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
CODE = 'rows = 3\nsay("{n} rows in {file}.", n=rows, file="a")\n'
ENGLISH = 'msgid "{n} rows in {file}."\n'
CHINESE = 'msgstr "{file}有{n}行。"\n'


def unsayable(source: str) -> list[str]:
    """Find `say` whose template is no plain string, or names other values than those given."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(template))], keywords=given):
                names = {keyword.arg for keyword in given}
                if names != placeholders(template) and None not in names:  # None: **values
                    found.append(f"{node.lineno}: other values than the template names")
            case ast.Call(func=ast.Name(id="say")):
                found.append(f"{node.lineno}: the template must stand here as a plain string")
    return found


def placeholders(template: str) -> set[str]:
    """Return the names of the values that a template asks for."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize(
    "planted", ['say(f"{n} rows")', "say(template)", 'say("{n} rows", rows=3)', 'say("No rows.", rows=3)']
)
def test_a_planted_sentence_that_cannot_be_translated_is_found(planted: str) -> None:
    assert unsayable(planted)


def test_every_sentence_is_a_plain_template_with_its_values() -> None:
    assert not unsayable('say("{n} rows " "in {file.name}", n=3, file=file)')
    for path in translations.PACKAGE.rglob("*.py"):
        assert unsayable(path.read_text(encoding="utf-8")) == [], path.name


def test_every_sentence_has_a_chinese_translation() -> None:
    assert translations.problems() == []


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Make a package of one module with one sentence, and return where its catalogue goes."""
    (tmp_path / "rows.py").write_text(CODE, encoding="utf-8")
    path = tmp_path / "locale/zh/LC_MESSAGES/lastmetre.po"
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ("", "rows.py:2: not translated in zh"),
        (ENGLISH + 'msgstr ""\n', "rows.py:2: not translated in zh"),
        (ENGLISH + 'msgstr "{file}有{m}行。"\n', "rows.py:2: placeholders differ in zh"),
        (ENGLISH + 'msgstr "{file有{n}行。"\n', "rows.py:2: placeholders differ in zh"),
        ("#, fuzzy\n" + ENGLISH + CHINESE, "rows.py:2: translation not confirmed"),
        (ENGLISH + CHINESE + '\nmsgid "Old."\nmsgstr "旧"\n', "lastmetre.po: no longer in the code"),
    ],
)
def test_a_planted_hole_in_the_catalogue_is_found(
    tmp_path: Path, catalogue: Path, entries: str, problem: str
) -> None:
    catalogue.write_text(HEADER + entries, encoding="utf-8")
    [found] = translations.problems(tmp_path)
    assert problem in found


def test_a_complete_catalogue_has_no_problem(tmp_path: Path, catalogue: Path) -> None:
    catalogue.write_text(HEADER + ENGLISH + CHINESE, encoding="utf-8")
    assert translations.problems(tmp_path) == []


def test_collecting_adds_new_sentences_keeps_translations_and_is_idempotent(
    tmp_path: Path, catalogue: Path
) -> None:
    shutil.copy(translations.catalogue_paths(translations.PACKAGE)[0], catalogue)
    translations.collect(tmp_path)
    empty = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(empty.replace(ENGLISH + 'msgstr ""\n', ENGLISH + CHINESE), encoding="utf-8")
    translated = catalogue.read_text(encoding="utf-8")
    (tmp_path / "new.py").write_text('_("Planted.")\n', encoding="utf-8")
    translations.collect(tmp_path)
    assert [fault.split(" in zh: ")[1] for fault in translations.problems(tmp_path)] == ['"Planted."']
    (tmp_path / "new.py").unlink()
    translations.collect(tmp_path)
    assert catalogue.read_text(encoding="utf-8") == translated
