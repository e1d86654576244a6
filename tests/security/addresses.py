"""All addresses of the product, found in the URL conf, with ids put in: a new page is walked by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

from lastmetre.web.api.later import URLCONF as API
from lastmetre.web.api.later import later

WORDS = {
    "token": ["unknown"],
    "code": ["sealed", "liaison", "vegetables"],
    "what": ["phone", "name"],
    "part": ["gates", "carts", "points", "unloading-points"],
    "status": ["404"],
    "kind": ["x", "png"],
    "act": ["cut-off"],
    "cart": ["1"],
    "paper": ["labels-a4", "everything"],
}
"""What is put in for parts of an address that are not ids; "x" for those not named here."""
SYNONYMS = {"people": "person", "staff": "place", "cards": "householdcard", "uploads": "rosterupload"}
SYNONYMS |= {"sheets": "intake", "doubts": "message"}
SYNONYMS |= {"runs": "cartrun", "bags": "parcel", "missing": "case"}
SYNONYMS |= {"purchase/orders": "purchaseorder", "purchase/goods": "purchaseline", "orders/orders": "round"}
SYNONYMS |= {
    "orders/r": "round",
    "orders/for": "household",
    "doorstep/doors": "household",
    "doorstep/duties": "duty",
    "doorstep/take": "duty",
}
SYNONYMS |= {"doorstep/where": "household", "people/duties": "shiftduty", "people/members": "squadmember"}
SYNONYMS |= {"goods/areas": "supplierarea", "goods/caps": "pricecap", "goods/choice": "place"}
SYNONYMS |= {"places/periods": "regimeperiod", "places/unloading-points": "unloadingpoint"}
"""What the last word before an id stands for, anywhere or in one app ("app/word")."""
RELAY = {"places", "orders", "ledger"}
"""Whose ids the addresses of the relay may hold beside those of the app itself."""
SKIPPED = {"static", "styleguide"}
"""First parts of addresses that show no data."""


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern of the URL conf."""

    pattern: str
    view: Callable[..., Any]
    ids: tuple[str, ...]
    words: tuple[str, ...]

    def filled(self, ids: dict[str, list[UUID]]) -> Iterator[str]:
        """Yield addresses with each of the ids in the parts that want one."""
        names = [*self.ids, *self.words]
        choices = [*(ids[name] for name in self.ids), *(WORDS.get(name, ["x"]) for name in self.words)]
        for values in product(*choices):
            filled = dict(zip(names, values, strict=True))
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(filled[part[1]]), self.pattern)  # noqa: B023

    def models(self) -> dict[str, list[Any]]:
        """Return for each id the models it may be of: the one that the address names, or all of the view's app."""
        return {
            name: _models_named(name, self.pattern) or _models_of(self.view, self.pattern)
            for name in self.ids
        }


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[Route]:
    """Yield every pattern, also those of the API."""
    if patterns is None:
        patterns = [*get_resolver().url_patterns, *get_resolver(API).url_patterns]
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        elif one.callback is not later and route.split("/")[0] not in SKIPPED:
            yield _route(one, route)


def _route(one: URLPattern, pattern: str) -> Route:
    names = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    kinds = re.findall(r"<(?:(\w+):)?\w+>", pattern)
    uuid = {name for name, kind in zip(names, kinds, strict=True) if kind == "uuid"} | {
        name for name, kind in one.pattern.converters.items() if isinstance(kind, UUIDConverter)
    }
    # Ninja leaves the check of an id to the function: every part of an API address may be one.
    ids = tuple(name for name in names if name in uuid or (pattern.startswith("api/") and name not in WORDS))
    return Route(pattern, one.callback, ids, tuple(name for name in names if name not in ids))


def _models_named(name: str, pattern: str) -> list[Any]:
    before = re.split(rf"<(?:\w+:)?{name}>", pattern.removeprefix("api/"))[0].rstrip("/").split("/")
    segment, within = before[-1], f"{before[0]}/{before[-1]}"
    named = SYNONYMS.get(within) or SYNONYMS.get(segment, segment)
    for word in (name.removesuffix("_id"), named, segment.rstrip("s")):
        if found := [model for model in _ours() if model._meta.model_name == word]:
            return found
    return []


def _models_of(view: Callable[..., Any], pattern: str) -> list[Any]:
    where = f"{view.__module__}.".replace(".", "/") + pattern
    labels = dict.fromkeys(model._meta.app_label for model in _ours())
    app = next((label for label in labels if f"/{label}/" in where), "")
    ground = app and apps.get_app_config(app).name.startswith("lastmetre.ground")
    known = {app, "places"} if ground else {app, *RELAY}
    return [model for model in _ours() if not app or model._meta.app_label in known]


def _ours() -> list[Any]:
    return [model for model in apps.get_models() if model.__module__.startswith("lastmetre.")]


def body(document: dict[str, Any], pattern: str, method: str, stranger: UUID) -> Any:
    """Return a body that an operation of the API takes, with a stranger's id in every field that wants one."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)
    operation = document["paths"].get(path, {}).get(method, {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _example(document, content["schema"], stranger) if content else None


def _example(document: dict[str, Any], schema: dict[str, Any], stranger: UUID) -> Any:
    if "$ref" in schema:
        return _example(document, document["components"]["schemas"][schema["$ref"].split("/")[-1]], stranger)
    for kind in ("anyOf", "oneOf", "allOf"):
        if kind in schema:
            return _example(document, schema[kind][0], stranger)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            wanted = schema.get("properties", {})
            return {name: _example(document, one, stranger) for name, one in wanted.items()}
        case "array":
            return [_example(document, schema["items"], stranger)]
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
    formats = {"uuid": str(stranger), "date": "2026-11-26", "date-time": "2026-11-26T08:00:00+08:00"}
    return formats.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
