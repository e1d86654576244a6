"""Ready-made places to try lastmetre on: each a folder of input files, shipped in the wheel."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def _folders() -> dict[str, Path]:
    root = Path(str(files(__name__)))
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / "compound.yaml").is_file()}


def names() -> tuple[str, ...]:
    """Return the names of all scenarios, sorted."""
    return tuple(_folders())


def folder(name: str) -> Path:
    """Return the folder of a scenario's input files; `KeyError` when there is no such scenario."""
    return _folders()[name]
