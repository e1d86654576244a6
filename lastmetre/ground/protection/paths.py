"""Paths of places as PostgreSQL's `ltree`: `a.b.c` is below `a.b`."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Lookup

LABEL_LENGTH = 6
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"


def new_label() -> str:
    """Return a random label for a place among its siblings; says nothing about it."""
    return "".join(secrets.choice(_SIGNS) for _ in range(LABEL_LENGTH))


class PathField(models.Field):
    """A path of labels; look up with `within` (it or below) and `above` (it or above), each also `_any` of a list."""

    description = "ltree path"

    def db_type(self, connection: Any) -> str:
        """Return the column's type; the extension comes with the first migration."""
        return "ltree"


class _PathLookup(Lookup):
    operator = ""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} {right}::ltree", [*left_params, *right_params]


@PathField.register_lookup
class Within(_PathLookup):
    """`path__within=p`: p itself and everything below."""

    lookup_name = "within"
    operator = "<@"


@PathField.register_lookup
class Above(_PathLookup):
    """`path__above=p`: p itself and everything above."""

    lookup_name = "above"
    operator = "@>"


class _AnyLookup(Lookup):
    operator = ""
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} {self.operator} ANY (%s::ltree[])", [*params, list(self.rhs)]


@PathField.register_lookup
class WithinAny(_AnyLookup):
    """`path__within_any=[p, q]`: one of them or below one of them."""

    lookup_name = "within_any"
    operator = "<@"


@PathField.register_lookup
class AboveAny(_AnyLookup):
    """`path__above_any=[p, q]`: one of them or above one of them."""

    lookup_name = "above_any"
    operator = "@>"
