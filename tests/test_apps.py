"""Inside an app, files import only those below them: urls > views, api, jobs > forms > actions > queries > models > rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lastmetre"
LEVELS = {
    "urls": 6,
    "views": 5,
    "api": 5,
    "jobs": 5,
    "forms": 4,
    "actions": 3,
    "queries": 2,
    "models": 1,
    "rules": 0,
}
APPS = sorted(
    folder.relative_to(PACKAGE).as_posix()
    for layer in ("ground", "chain")
    for folder in (PACKAGE / layer).iterdir()
    if (folder / "apps.py").exists()
)
"""`ground/people` and the like."""


def upward(app: str, layer: str, source: str) -> Iterator[str]:
    """Find imports of a layer of the same app that is not below."""
    prefix = f"lastmetre.{app.replace('/', '.')}."
    for node in ast.walk(ast.parse(source)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and f"{node.module}." == prefix:
            names += [prefix + one.name for one in node.names]
        for name in names:
            other = name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else ""
            if other in LEVELS and other != layer and LEVELS[other] >= LEVELS[layer]:
                yield f"{node.lineno}: {layer} imports {other}"


@pytest.mark.parametrize(
    "planted",
    [
        "from lastmetre.ground.people.actions import accounts",
        "from lastmetre.ground.people import actions",
        "import lastmetre.ground.people.views.door",
    ],
)
def test_a_planted_import_upward_is_found(planted: str) -> None:
    assert list(upward("ground/people", "queries", planted))
    assert not list(upward("ground/people", "urls", planted))
    assert not list(upward("ground/goods", "queries", planted))


@pytest.mark.parametrize("app", APPS)
def test_files_of_an_app_import_downwards(app: str) -> None:
    found = []
    for path in sorted((PACKAGE / app).rglob("*.py")):
        layer = path.relative_to(PACKAGE / app).with_suffix("").parts[0]
        if layer in LEVELS:
            found += [
                f"{path.name}:{fault}" for fault in upward(app, layer, path.read_text(encoding="utf-8"))
            ]
    assert found == []
