"""Ready-made places to try lastmetre on: seven configurations of the sources, shipped in the wheel."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World


def _folders() -> dict[str, Path]:
    root = Path(str(files(__name__)))
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / "scenario.yaml").is_file()}


def names() -> tuple[str, ...]:
    """Return the names of all scenarios, sorted."""
    return tuple(_folders())


def folder(name: str) -> Path:
    """Return the folder of a scenario's files; `KeyError` when there is no such scenario."""
    return _folders()[name]


def build(name: str, *, seed: int = 7) -> World:
    """Build a scenario's world; the same seed gives the same world. `KeyError` when there is no such scenario."""
    world: World = import_module(f"{__name__}.{folder(name).name}.making").build(seed)
    return world
