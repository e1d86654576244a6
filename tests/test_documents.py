"""The documents agree with each other and with the code."""

import ast
import re
from pathlib import Path

import click
import pytest

from lastmetre.cli.main import main
from lastmetre.reading.compounds import read_compound
from lastmetre.reading.offers import read_offer, read_stock

ROOT = Path(__file__).parents[1]
ROLES = sorted(path.stem for path in ROOT.glob("docs/roles/*.md") if not path.stem.endswith(".zh"))


def document(name: str) -> str:
    """Read a document of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    """Return the commands of a Markdown text's shell blocks, without comments."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for line in "".join(blocks).splitlines()]
    return [line for line in lines if line]


def headings(text: str) -> list[str]:
    """Return the levels of a Markdown text's headings."""
    return re.findall(r"^#+ ", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("README.md", "README.zh.md"),
        ("docs/start.md", "docs/start.zh.md"),
        ("docs/run.md", "docs/run.zh.md"),
        *((f"docs/roles/{role}.md", f"docs/roles/{role}.zh.md") for role in ROLES),
    ],
)
def test_both_languages_show_the_same_commands_under_the_same_headings(english: str, chinese: str) -> None:
    assert commands(document(english)) == commands(document(chinese))
    assert headings(document(english)) == headings(document(chinese))


def test_the_readme_shows_how_to_run_and_to_test() -> None:
    assert commands("```sh\nmake run  # the demo\n\n# then\n```\n1. x\n   ```sh\n   make test\n   ```\n") == [
        "make run",
        "make test",
    ]
    assert {"make run", "make test"} <= set(commands(document("README.md")))


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def code_words(table: str) -> list[str]:
    """Return the words that the third column of docs/words.md claims to be in the code."""
    rows = [line.split("|") for line in table.splitlines() if line.startswith("|")]
    return [word for row in rows for word in re.findall(r"`([\w.]+)`", row[3])]


def defined(source: str) -> set[str]:
    """Return the names of the classes, functions, fields and constants that a module defines."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return names | {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def tables_of(source: str) -> list[str]:
    """Return the names of the tables that a module of models defines."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return [
        node.name
        for node in classes
        if {ast.unparse(base) for base in node.bases} & {"models.Model", "Placed", "Confidential"}
    ]


def test_every_table_of_the_relay_is_in_the_word_list() -> None:
    assert tables_of("class A(Placed, Confidential): ...\nclass B(StrEnum): ...") == ["A"]
    known = set(code_words(document("docs/words.md")))
    models = [*ROOT.glob("lastmetre/chain/*/models.py"), *ROOT.glob("lastmetre/chain/*/models/*.py")]
    named = {name for path in models for name in tables_of(path.read_text(encoding="utf-8"))}
    assert "RoundItem" in named
    assert named - known == set()


def test_every_role_of_the_relay_has_its_page_and_every_picture_is_light_and_shown() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in ROOT.glob("docs/roles/*.md")}
    assert {path.removesuffix(".zh") for path in pages} <= set(
        re.findall(r"roles/([\w-]+)\.md", document("docs/day.md"))
    )
    shown = {name for text in pages.values() for name in re.findall(r"pictures/([\w-]+)\.jpg", text)}
    pictures = list(ROOT.glob("docs/roles/pictures/*"))
    assert {path.stem for path in pictures} == shown
    assert len(pictures) <= 25
    assert max(path.stat().st_size for path in pictures) <= 60_000


def test_every_code_word_of_the_word_list_is_in_the_code() -> None:
    known: set[str] = set()
    for path in (ROOT / "lastmetre").rglob("*.py"):
        known |= {path.stem, path.parent.name} | defined(path.read_text(encoding="utf-8"))
    words = code_words(document("docs/words.md"))
    assert code_words("| 车 | cart | `Cart.gold_wheels` | ER3b |") == ["Cart.gold_wheels"]
    assert "gold_wheels" not in known
    assert len(words) > 20
    assert [word for word in words if not set(word.split(".")) <= known] == []


def examples(text: str) -> list[str]:
    """Return a Markdown text's YAML blocks, without their indentation."""
    blocks = re.findall(r"^( *)```yaml\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", block, flags=re.MULTILINE) for indent, block in blocks]


@pytest.mark.parametrize("name", ["docs/start.md", "docs/start.zh.md"])
def test_the_example_files_can_be_read_as_they_stand(tmp_path: Path, name: str) -> None:
    (tmp_path / "roster.csv").write_text(
        "楼号,单元,房号,姓名,电话,人数\n1,2,301,王女士,13800000000,3\n", encoding="utf-8"
    )
    paths = [tmp_path / f"{number}.yaml" for number, _ in enumerate(examples(document(name)))]
    for path, example in zip(paths, examples(document(name)), strict=True):
        path.write_text(example.replace("roster.xlsx", "roster.csv"), encoding="utf-8")
    compound, offer = read_compound(paths[0]), read_offer(paths[1])
    assert (compound.name, len(compound.buildings[0].units)) == ("开元丽城", 3)
    assert {good.code for good in offer.goods} == {"A", "B"}
    if len(paths) > 2:
        assert read_stock(paths[2], offer)["A"] == 120


@pytest.mark.parametrize(
    "pages", [("docs/start.md", "docs/run.md"), ("docs/start.zh.md", "docs/run.zh.md")], ids=["en", "zh"]
)
def test_every_option_of_every_command_is_explained(pages: tuple[str, str]) -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in main.list_commands(context)]
    options = [option.opts for command in commands if command for option in command.params]
    assert ["--compound"] in options
    explained = "".join(document(page) for page in pages)
    assert [
        names for names in options if "-" in names[0] and not any(f"`{name}" in explained for name in names)
    ] == []
