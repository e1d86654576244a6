"""Files that a request brings: on disk only while they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from lastmetre.ground.places.actions.rosters import upload_roster
from lastmetre.ground.places.models import Place, RosterUpload
from lastmetre.ground.protection.actor import Actor
from lastmetre.papers.compound_files import ROSTER_FILE
from lastmetre.papers.workbook import file_name


def read_upload(place: Place, files: Sequence[UploadedFile], *, by: Actor, at: datetime) -> RosterUpload:
    """Read an uploaded roster, or a compound file and the roster beside it; raises InputError on what is none."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [_stored(Path(folder), file) for file in files]
        return upload_roster(place, path=paths[0], by=by, at=at)


def _stored(folder: Path, file: UploadedFile) -> Path:
    path = folder / (file_name(Path(file.name or "").name)[-100:] or ROSTER_FILE)
    with path.open("wb") as stored:
        for chunk in file.chunks():
            stored.write(chunk)
    return path
