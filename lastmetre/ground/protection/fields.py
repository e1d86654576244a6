"""Personal fields: sealed with AES-256-GCM, bound to their table, column and row (trust.md 17).

A value moved to another row or column does not open. What is stored is the response's id, a nonce and the
sealed text; the empty text and None are told apart. Values open when they are read, not when rows load.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.keys import keys
from lastmetre.ground.protection.models import Response
from lastmetre.terms import InputError, say

NONCE_BYTES = 12
ID_BYTES = 16


class Sealed(bytes):
    """A personal value as it is stored."""


class PersonalText(models.Field):
    """Text about a person: `str` in Python, sealed bytes in the database; cannot be filtered or ordered by."""

    description = "sealed personal text"

    if TYPE_CHECKING:  # what `_Opening` does, told to the type checker

        def __get__(self, instance: Any, owner: Any = None) -> Any: ...
        def __set__(self, instance: Any, value: str | None) -> None: ...

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        """Return the column's type."""
        return "bytea"

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Put the opening descriptor in the place of the value."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opening(self))

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        """Keep a stored value sealed until somebody reads it."""
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: Any, add: bool) -> Sealed | None:
        """Seal what was set since the row was loaded."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        value = seal(str(value), self, model_instance)
        model_instance.__dict__[self.attname] = value
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Hand sealed bytes to the database; plain text never reaches it."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is personal: only a saved row can carry it")
        return None if value is None else bytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow `isnull` only: sealed values differ each time. Search by marks instead."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def formfield(self, **kwargs: Any) -> None:
        """Give no form field: forms of personal values are written by hand."""


class _Opening:
    """Opens a sealed value when it is read."""

    def __init__(self, field: PersonalText) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        return unseal(value, self.field, instance) if isinstance(value, Sealed) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def seal(text: str, field: Any, row: Any) -> Sealed:
    """Seal a text for one row; raises InputError where the response's key is missing."""
    response: UUID = row.response_id
    cipher = keys().cipher(response)
    if cipher is None:
        raise InputError(
            say("The key of this response is missing, so nothing personal can be written."),
            remedy=say("Copy the key file again from the machine that opened the response."),
        )
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(response.bytes + nonce + cipher.encrypt(nonce, text.encode(), _bound_to(field, row)))


def unseal(value: Sealed, field: Any, row: Any) -> str | None:
    """Open a sealed value; None once the response's data were erased. Raises InputError on a foreign value."""
    cipher = keys().cipher(UUID(bytes=value[:ID_BYTES]))
    if cipher is None:
        return None
    nonce, sealed = value[ID_BYTES : ID_BYTES + NONCE_BYTES], value[ID_BYTES + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, bytes(sealed), _bound_to(field, row)).decode()
    except InvalidTag as error:
        raise InputError(
            say("A sealed value does not belong to its row: somebody has changed the database by hand."),
            remedy=say("Tell the administrator to run lastmetre journal verify."),
        ) from error


def _bound_to(field: Any, row: Any) -> bytes:
    return f"{row._meta.db_table}.{field.column}.{row.pk}".encode()


class MarksField(ArrayField):
    """Blind index: keyed marks of what a row can be found by, made anew whenever it is saved."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("base_field", models.BigIntegerField())
        kwargs.setdefault("default", list)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def pre_save(self, model_instance: Any, add: bool) -> list[int]:
        """Mark the terms that the row gives for itself."""
        value = marks(model_instance.response_id, model_instance.search_terms())
        setattr(model_instance, self.attname, value)
        return value


def marks(response: UUID, terms: Iterable[str]) -> list[int]:
    """Return a 64-bit keyed mark for each term; none once the response's key was destroyed."""
    key = keys().index_key(response)
    if key is None:
        return []
    return sorted({_mark(key, term) for term in terms if term})


def _mark(key: bytes, term: str) -> int:
    digest = hmac.new(key, term.casefold().encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class Confidential(models.Model):
    """A row with personal fields: its id is made before it is saved, its key is the response's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Searchable(Confidential):
    """A confidential row that can be found by phone tail, name or pinyin initials."""

    search_marks = MarksField()

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["search_marks"], name="%(class)s_marks")]

    def search_terms(self) -> Iterable[str]:
        """Return what the row can be found by (`protection.search`)."""
        raise NotImplementedError
