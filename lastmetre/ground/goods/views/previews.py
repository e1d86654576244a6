"""What an upload would change, looked at before anything is written; the page carries what was read, signed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lastmetre.ground.goods.forms.cells import Column
from lastmetre.ground.goods.plans import Outcome, Plan
from lastmetre.terms import InputError, Sentence, say

_SALT = "goods.import"
_KEPT_S = 3_600
"""How long a preview may be looked at before it is confirmed."""
SHOWN = 200


@contextmanager
def uploaded(file: Any) -> Iterator[Path]:
    """Yield an upload as a file under its own name, for the guard and the sentences of the reader."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file.name or "").name or "file")
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path


def keep(value: Any) -> str:
    """Return JSON values signed, so that the page can hand them back unchanged."""
    return signing.dumps(value, salt=_SALT, compress=True)


def kept(text: str) -> Any:
    """Return what a page hands back; raises InputError where it is not ours or too old."""
    try:
        return signing.loads(text, salt=_SALT, max_age=_KEPT_S)
    except signing.BadSignature as error:
        raise InputError(
            say("This preview is too old."), remedy=say("Give the file again and look at it again.")
        ) from error


def preview(
    request: HttpRequest,
    plan: Plan,
    *,
    title: Sentence,
    columns: Sequence[Column],
    kept: str,
    again: str,
    refusal: InputError | None = None,
) -> HttpResponse:
    """Show what a plan would do, row by row, with the button that confirms it."""
    titles = {column.key: column.title for column in columns}
    rows = [row for row in plan.rows if row.outcome is not Outcome.SAME]
    context = {
        "title": title,
        "again": again,
        "plan": plan,
        "rows": [
            (row, [(titles.get(one.column, one.column), one) for one in row.differences])
            for row in rows[:SHOWN]
        ],
        "more": max(0, len(rows) - SHOWN),
        "kept": kept,
        "refusal": refusal,
    }
    return render(request, "goods/preview.html", context, status=422 if refusal else 200)
