"""Which response seals what, and the life of its key; `places.actions` opens and erases with a journal line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField
from django.db.models.functions import Cast, Length

from lastmetre.ground.protection.actor import EVERYWHERE, is_within
from lastmetre.ground.protection.keys import add_response_key, destroy_response_key
from lastmetre.ground.protection.models import Response
from lastmetre.ground.protection.scope import memory
from lastmetre.terms import InputError, say

_FOUND = "responses found"
_CHANGED = "responses changed"


def open_response(*, name: str, path: str, at: datetime) -> Response:
    """Open a response of a territory and make its key; raises InputError where one is open."""
    if Response.objects.filter(path=path, closed_at__isnull=True).exists():
        raise InputError(
            say("A response is already open here."), remedy=say("Close it before you open another.")
        )
    _forget()
    response = Response(name=name, path=path, opened_at=at)
    add_response_key(response.pk)
    response.save(force_insert=True)
    return response


def standing_response(at: datetime) -> Response:
    """Return the response that outlives emergencies; made on first use."""
    standing = Response.objects.filter(path=EVERYWHERE, closed_at__isnull=True).first()
    return standing or open_response(name="standing", path=EVERYWHERE, at=at)


def response_for(path: str) -> Response:
    """Return the open response whose territory is the nearest above a place; looked up once a scope."""
    held = memory()
    if path in held.setdefault(_FOUND, {}):
        found: Response = held[_FOUND][path]
        return found
    found = _look_up(path)
    # In the scope that opens or ends responses nothing is remembered: it may still be undone.
    if not held.get(_CHANGED):
        held[_FOUND][path] = found
    return found


def look_up_for(paths: Iterable[str]) -> None:
    """Look the responses of many places up at once: `response_for` then asks no more. One query."""
    held = memory()
    known = held.setdefault(_FOUND, {})
    missing = {path for path in paths if path not in known}
    if not missing or held.get(_CHANGED):
        return
    nearest = sorted(Response.objects.filter(closed_at__isnull=True), key=lambda one: -len(one.path))
    for path in missing:
        found = next((one for one in nearest if is_within(path, one.path)), None)
        if found is not None:  # else whoever asks for it is told why
            known[path] = found


def _look_up(path: str) -> Response:
    length = Length(Cast("path", CharField()))
    found = Response.objects.filter(closed_at__isnull=True, path__above=path).order_by(length.desc()).first()
    if found is None:
        raise InputError(
            say("No response is open, so nothing personal can be written."),
            remedy=say("Run lastmetre doctor."),
        )
    return found


def close(response: Response, *, at: datetime) -> Response:
    """Close a response; its key stays until it is erased."""
    _forget()
    response.closed_at = at
    response.save(update_fields=["closed_at"])
    return response


def erase(response: Response, *, at: datetime) -> Response:
    """Close a response for good: destroy its key, so that what it sealed is unreadable in every backup."""
    _forget()
    response.closed_at = response.closed_at or at
    response.erased_at = at
    response.key_fingerprint = destroy_response_key(response.pk)
    response.save(update_fields=["closed_at", "erased_at", "key_fingerprint"])
    return response


def _forget() -> None:
    memory().update({_FOUND: {}, _CHANGED: True})
