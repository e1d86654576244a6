"""A row of every model in places that others may not see, with a sentinel in every text: what leaks, shows.

The sentinels of NOBODYS stand in another district (邻区), those of SIBLINGS in the next compound (别苑).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from actors import Town
from classified_rows import COMMON, SPECIAL, WITHOUT
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.fields import MarksField, PersonalText
from lastmetre.ground.protection.models import Response
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as

SIGN = "䶮"
"""A character that nobody types: marks a sentinel."""
PLAIN = "zqxj"
NOBODYS, SIBLINGS = f"{SIGN}N", f"{SIGN}S"


@dataclass
class Strangers:
    """The rows of one set, by model label."""

    sign: str
    compound: Place
    door: Place
    at: datetime
    rows: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """What each sentinel is the value of: "䶮N17" -> "people.Person.name"."""

    def sentinel(self, of: str) -> str:
        """Return a new sentinel for a field."""
        text = f"{self.sign}{len(self.texts) + 100}"
        self.texts[text] = of
        return text

    def plain(self, of: str) -> str:
        """Return a new sentinel of small letters and digits."""
        text = f"{PLAIN}{self.sign[-1].lower()}{len(self.texts) + 100}"
        self.texts[text] = of
        return text

    def another(self, label: str) -> Any:
        """Write one more row of a model."""
        return write(apps.get_model(label), self)


def strangers(town: Town) -> tuple[Strangers, Strangers]:
    """Write both sets into the town."""
    with acting_as(SYSTEM) as now:
        sets = (
            Strangers(NOBODYS, town.place["外苑"], town.place["701"], now),
            Strangers(SIBLINGS, town.place["别苑"], town.place["901"], now),
        )
        for one in sets:
            for model in in_order():
                one.rows[model._meta.label] = write(model, one)
    return sets


def in_order() -> Iterator[type[models.Model]]:
    """Yield our models, each after those that it points to."""
    waiting = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("lastmetre.") and model._meta.label not in WITHOUT
    ]
    done: set[Any] = {Place, Response}
    waiting = [model for model in waiting if model not in done]
    while waiting:
        ready = [model for model in waiting if _needs(model) <= done | {model}]
        assert ready, waiting
        yield from ready
        done |= set(ready)
        waiting = [model for model in waiting if model not in done]


def _needs(model: type[models.Model]) -> set[Any]:
    special = SPECIAL.get(model._meta.label, {})
    return {
        one.related_model
        for one in model._meta.concrete_fields
        if one.is_relation and (not one.null or one.name in special)
    }


def write(model: type[models.Model], own: Strangers) -> Any:
    """Write one row, or return the one that a unique relation already has."""
    label = model._meta.label
    values = {
        one.name: value for one in model._meta.concrete_fields if (value := _value(one, own)) is not ...
    }
    values |= {name: make(own) for name, make in SPECIAL.get(label, {}).items()}
    for one in model._meta.concrete_fields:
        if one.is_relation and one.unique and one.name in values:
            there = model._base_manager.filter(**{one.name: values[one.name]}).first()
            if there is not None:
                for name, value in values.items():
                    setattr(there, name, value)
                there.save()
                return there
    row = model(**values)
    row.save(force_insert=True)
    row.refresh_from_db()
    return row


def _value(one: Any, own: Strangers) -> Any:
    label = f"{one.model._meta.label}.{one.name}"
    if one.name.endswith("_by") and _may_be_null(one.model, f"{one.name[:-3]}_at"):
        return ...  # nobody has done it yet
    if one.is_relation:
        return _related(one, own)
    if isinstance(one, MarksField) or one.name == "path" or (one.primary_key and one.has_default()):
        return ...
    if isinstance(one, PersonalText) or (
        isinstance(one, models.TextField | models.CharField) and not one.choices
    ):
        text = own.sentinel(label)
        return f"https://x.example/{text}" if isinstance(one, models.URLField) else text
    if one.choices:
        return one.choices[0][0]
    if isinstance(one, ArrayField):
        return [own.sentinel(label)] if isinstance(one.base_field, models.CharField) else []
    if isinstance(one, models.JSONField):
        return {"text": own.sentinel(label)}
    if one.null or one.has_default():
        return ...
    if isinstance(one, models.BinaryField):
        return secrets.token_bytes(one.max_length or 32)
    if isinstance(one, models.DateTimeField):
        return own.at + timedelta(hours=1 if one.name.startswith(("end", "expires")) else 0)
    if isinstance(one, models.DateField):
        return own.at.date()
    return 1


def _may_be_null(model: type[models.Model], name: str) -> bool:
    return any(one.name == name and one.null for one in model._meta.concrete_fields)


def _related(one: Any, own: Strangers) -> Any:
    if one.related_model is Response:
        return response_for(own.door.path)
    if one.null:
        return ...
    if one.related_model is Place:
        return own.door if one.unique and one.model._meta.label == "places.Household" else own.compound
    return own.rows[one.related_model._meta.label]


def forbidden(own: Strangers) -> dict[str, str]:
    """Return the sentinels of a set that nobody from elsewhere may see."""
    return {text: of for text, of in own.texts.items() if of.rpartition(".")[0] not in COMMON}
