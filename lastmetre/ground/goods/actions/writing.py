"""What all writers of goods share: one line a call, what changed, who may."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db import models

from lastmetre.ground.goods.models import Category, Product, Supplier
from lastmetre.ground.goods.rules import Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import EVERYWHERE, Actor, ActorKind
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

BATCH = 1_000
"""Rows of one INSERT."""


def note(
    verb: str,
    kind: str,
    things: Collection[UUID],
    *,
    by: Actor,
    at: datetime,
    paths: Iterable[str] = (EVERYWHERE,),
    **detail: Any,
) -> None:
    """Write the one line of a call: what it touched, at the nearest place above all of it."""
    thing = next(iter(things)) if len(things) == 1 else None
    if len(things) > 1:
        detail["count"] = len(things)
    record(verb, f"goods.{kind}", thing, by=by, at=at, path=common_path(list(paths)), **detail)


def common_path(paths: list[str]) -> str:
    """Return the path of the nearest place above all of these, or the place itself."""
    least, most = min(paths).split("."), max(paths).split(".")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    return ".".join(label for label, _ in same)


def assign(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set fields and return those that changed as field -> [before, after], fit for the journal."""
    changed = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            changed[name] = [plain(before), plain(value)]
            setattr(row, name, value)
    return changed


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)


def places_of(ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Return the places; raises InputError where one is not seen."""
    wanted = set(ids)
    found = {place.pk: place for place in Place.objects.filter(pk__in=wanted, ended_at__isnull=True)}
    if len(found) < len(wanted):
        raise missing(say("One of the places does not exist or is no longer in use."))
    return found


def suppliers_of(ids: Iterable[UUID]) -> dict[UUID, Supplier]:
    """Return the suppliers; raises InputError where there is no such one."""
    wanted = set(ids)
    found = {row.pk: row for row in Supplier.objects.filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise missing(say("One of the suppliers does not exist."))
    return found


def products_of(ids: Iterable[UUID | None]) -> dict[UUID, Product]:
    """Return the products; raises InputError where there is no such one (foreign keys speak at the end only)."""
    wanted = {pk for pk in ids if pk}
    found = Product.objects.in_bulk(wanted) if wanted else {}
    if len(found) < len(wanted):
        raise missing(say("One of the products does not exist."))
    return found


def check_categories(codes: Iterable[str | None]) -> None:
    """Refuse a category that does not exist; raises InputError that names those that do."""
    wanted = {code for code in codes if code}
    known = list(Category.objects.values_list("code", flat=True)) if wanted else []
    unknown = wanted - set(known)
    if unknown:
        raise InputError(
            say("There is no category “{code}”.", code=min(unknown)),
            remedy=say("The categories are: {codes}.", codes="、".join(known)),
        )


def missing(what: Sentence) -> InputError:
    """Build the refusal of an id that leads nowhere."""
    return InputError(what, remedy=say("Load the page again."))


def may_somewhere(by: Actor, permission: Permission) -> bool:
    """Tell whether an actor holds a permission at some place, whichever."""
    held = any(grant.path is not None and permission in grant.permissions for grant in by.grants)
    return held or by.kind is ActorKind.SYSTEM


def must_somewhere(by: Actor, permission: Permission) -> None:
    """Ask for a permission at some place: what it changes is common to all. Raises Denied."""
    if not may_somewhere(by, permission):
        by.must(permission, path=EVERYWHERE)


@contextmanager
def reaching(by: Actor, paths: Iterable[str]) -> Iterator[None]:
    """Let an actor who was found allowed write at places beyond its view (a clerk's own offers)."""
    with acting_as(replace(by, sees=tuple({*by.sees, *paths}))):
        yield
