"""The output folder: it appears complete or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lastmetre.terms import InputError, Source, say

MARK = ".lastmetre"
"""A file that shows that a folder was made by us and may be replaced by the next run."""


@contextmanager
def whole_folder(target: Path, *, mode: int = 0o755) -> Iterator[Path]:
    """Give a folder to write into that takes the place of `target` when the block ends without an error.

    `mode` is the finished folder's; while it is written only its owner sees it.

    Raises InputError where `target` holds something that we did not make, or cannot be written.
    """
    if target.exists() and not (target.is_dir() and ((target / MARK).exists() or not any(target.iterdir()))):
        raise InputError(
            say("{folder} holds other files.", folder=str(target)),
            remedy=say("Name another folder with -o, or empty this one."),
            source=Source(str(target)),
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise InputError(
            say("{folder} cannot be written: {reason}.", folder=str(target), reason=error.strerror or ""),
            remedy=say("Name another folder with -o."),
            source=Source(str(target)),
        ) from error
    try:
        (part / MARK).touch()
        yield part
        part.chmod(mode)
        _swap(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _swap(part: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)
