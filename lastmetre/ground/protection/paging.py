"""Long lists in pages that neither skip nor repeat a row while others are written (docs/reasons/071)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet
from ninja import Query, Schema

from lastmetre.terms import InputError, say

SIZE = 50
LARGEST = 200
Row = TypeVar("Row")
Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=LARGEST, description="Rows a page.")]
Cursor = Annotated[str, Query(max_length=1000, description="`next` of the page before; empty for the first.")]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the page after them ('' at the end)."""

    rows: Sequence[Row]
    next: str


class Listing(Schema, Generic[Item]):
    """A page as the API answers it: `response=Listing[PlaceOut]`, and return the `Page`."""

    rows: list[Item]
    next: str
    """Cursor of the next page; '' at the end."""


def page_of(
    rows: QuerySet[Any], *, by: str, cursor: str = "", size: int = SIZE, ids_first: bool = False
) -> Page[Any]:
    """Return the page after a cursor, sorted by one field that is never null ("-at", "place__sort_key").

    Ties are settled by id, so the order is total. One query, or with `ids_first` two: the first finds out which
    rows are on the page, before all that is known of them is joined. For lists of thousands with much joined.
    Raises InputError for a cursor not ours.
    """
    backwards, path = by.startswith("-"), by.removeprefix("-")
    field = _field(rows.model, path)
    if cursor:
        value, pk = _read(cursor, field, rows.model._meta.pk)
        step = "lt" if backwards else "gt"
        # The first condition is implied by the second; the index needs it.
        rows = rows.filter(**{f"{path}__{step}e": value}).filter(
            Q(**{f"{path}__{step}": value}) | Q(**{f"pk__{step}": pk})
        )
    sign = "-" if backwards else ""
    rows = rows.order_by(by, f"{sign}pk")
    page = rows[: size + 1]
    if ids_first:  # as one question, the database would hold every row against the page
        page = rows.filter(pk__in=list(page.values_list("pk", flat=True)))
    found = list(page)
    more = found[size:] and found[:size]
    return Page(found[:size], _write(more[-1], path, field) if more else "")


def _field(model: Any, path: str) -> Field[Any, Any]:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    field: Field[Any, Any] = model._meta.get_field(name)
    return field


def _write(row: Any, path: str, field: Field[Any, Any]) -> str:
    *relations, _ = path.split("__")
    holder = reduce(getattr, relations, row)
    text = json.dumps([field.value_to_string(holder), str(row.pk)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, field: Field[Any, Any], pk: Field[Any, Any]) -> tuple[Any, Any]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, key = json.loads(text)
        if not isinstance(value, str) or not isinstance(key, str) or "\0" in value + key:
            raise ValueError(cursor)
        return field.to_python(value), pk.to_python(key)
    except (ValueError, TypeError, binascii.Error, ValidationError) as error:
        raise InputError(
            say("The address of this page is not complete."),
            remedy=say("Start again from the first page."),
        ) from error
