"""Writing tables as CSV for others. Django is set up when this is imported."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from lastmetre import __version__
from lastmetre.cli.database.places import unwritable
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import EVERYWHERE, SYSTEM
from lastmetre.ground.protection.fields import PersonalText
from lastmetre.ground.protection.scope import acting_as
from lastmetre.papers.workbook import inert

KEPT_BACK = {
    # how people sign in: nobody else's business, and of no use elsewhere
    "people.Account",
    "people.Device",
    "people.HouseholdCard",
    "people.Invitation",
    "people.Throttle",
    # how the product proves itself
    "journal.Link",
    "journal.AnsweredRequest",
    "protection.Clock",
    # files as somebody sent them
    "places.RosterUpload",
}
"""Tables that are never handed out."""
AT_ONCE = 2000
"""Rows in memory."""


def handed_out() -> list[type[models.Model]]:
    """Return the models whose tables are handed out, by name."""
    ours = (one for one in apps.get_models() if one.__module__.startswith("lastmetre."))
    return sorted((one for one in ours if one._meta.label not in KEPT_BACK), key=lambda one: one._meta.label)


def hand_out(target: Path, *, with_personal: bool, why: str) -> dict[str, int]:
    """Write every table into a zip file, which appears whole or not at all, and a line into the journal.

    Returns the rows of each table. Raises InputError.
    """
    part = target.with_name(f".{target.name}.part")
    written: dict[str, int] = {}
    try:
        with acting_as(SYSTEM) as now, open(part, "wb", opener=_private) as file:
            record("exported", "tables", by=SYSTEM, at=now, path=EVERYWHERE, why=why, personal=with_personal)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for model in handed_out():
                    written[model._meta.label] = _write(model, archive, with_personal=with_personal)
                about = {"version": __version__, "at": str(now), "personal": with_personal, "rows": written}
                archive.writestr("about.json", json.dumps(about, indent=1))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise unwritable(target.parent, error) from error
    finally:
        part.unlink(missing_ok=True)
    return written


def _write(model: type[models.Model], archive: zipfile.ZipFile, *, with_personal: bool) -> int:
    columns = [one for one in model._meta.concrete_fields if _is_readable(one)]
    count = 0
    with (
        archive.open(f"{model._meta.label}.csv", "w") as raw,
        io.TextIOWrapper(raw, "utf-8-sig", newline="") as text,
    ):
        sheet = csv.writer(text)
        sheet.writerow([column.attname for column in columns])
        for row in _rows(model):
            sheet.writerow(_cells(row, columns, with_personal=with_personal))
            count += 1
    return count


def _is_readable(column: models.Field[Any, Any]) -> bool:
    """Digests and search marks tell nobody anything."""
    kind = column.get_internal_type()
    return isinstance(column, PersonalText) or (kind != "BinaryField" and column.name != "search_marks")


def _rows(model: type[models.Model]) -> Iterable[models.Model]:
    return model._default_manager.order_by("pk").iterator(chunk_size=AT_ONCE)


def _cells(row: models.Model, columns: list[models.Field[Any, Any]], *, with_personal: bool) -> Iterator[str]:
    for column in columns:
        if isinstance(column, PersonalText) and not with_personal:
            yield ""  # unread: it is not even opened
        else:
            yield _cell(getattr(row, column.attname))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str)
        case int() | float():
            return str(value)
    return inert(str(value))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
