"""Files that a request brings: on disk only while they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lastmetre.papers.workbook import file_name


@contextmanager
def stored(file: Any) -> Iterator[Path]:
    """Yield an upload as a file under its own name, only while it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (file_name(Path(file.name or "").name)[-100:] or "statement.csv")
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path
