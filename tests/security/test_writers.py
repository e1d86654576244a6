"""Only actions write: whatever changes a row checks permissions and leaves a line in the journal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "lastmetre"
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
}
MANAGERS = {"objects", "_base_manager", "_default_manager"}
STATEMENT = re.compile(r"\b(INSERT INTO \w|UPDATE \w+ SET|DELETE FROM \w|TRUNCATE (?!ON)\w|MERGE INTO)\b")
WRITERS = {
    "ground/protection/responses.py": "opens, closes and erases responses for `places.actions`, which records it",
    "ground/protection/clock.py": "steps the demo's clock",
}
"""Files outside of actions that write, and why."""


def writes(source: str) -> Iterator[str]:
    """Find calls that change rows, and SQL that does."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="router"))):
                pass  # @router.delete(...) names a method of HTTP
            case ast.Call(func=ast.Attribute(attr=name)) if name in WRITES:
                yield f"{node.lineno}: .{name}()"
            case ast.Call(func=ast.Attribute(attr="update", value=receiver)) if _is_rows(receiver):
                yield f"{node.lineno}: .update()"
            case ast.Constant(value=str(text)) if STATEMENT.search(text):
                yield f"{node.lineno}: {text.split()[0]}"


def _is_rows(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr in MANAGERS | {"filter", "exclude"}
        for one in ast.walk(node)
    )


def may_write(path: Path) -> bool:
    inside = path.relative_to(PACKAGE)
    return (
        "actions" in inside.with_suffix("").parts
        or "migrations" in inside.parts
        or inside.as_posix() in WRITERS
    )


@pytest.mark.parametrize(
    "planted",
    [
        "household.save()",
        "Place.objects.create(name='x')",
        "Place.objects.filter(pk=1).update(name='x')",
        "Place.objects.update(name='x')",
        "rows.delete()",
        "cursor.execute('UPDATE places_place SET name = %s')",
        "Place.objects.bulk_create(rows)",
    ],
)
def test_a_planted_write_is_found(planted: str) -> None:
    assert list(writes(planted))


@pytest.mark.parametrize(
    "harmless", ["known.update(extra)", "'Update the list'.strip()", "Place.objects.filter(pk=1)"]
)
def test_reading_is_not_mistaken_for_writing(harmless: str) -> None:
    assert not list(writes(harmless))


def test_only_actions_write() -> None:
    with_rows = [PACKAGE / "ground", PACKAGE / "web", PACKAGE / "cli"]
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}:{fault}"
        for folder in with_rows
        for path in sorted(folder.rglob("*.py"))
        if not may_write(path)
        for fault in writes(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_list_of_writers_names_nothing_that_is_gone() -> None:
    assert [name for name in WRITERS if not list(writes((PACKAGE / name).read_text(encoding="utf-8")))] == []
