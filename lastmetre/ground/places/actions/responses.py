"""The life of a response: opened with a key of its own, closed, and erased for good with a certificate."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.rules import Permission, checked_name
from lastmetre.ground.protection import responses
from lastmetre.ground.protection.actor import EVERYWHERE, Actor
from lastmetre.ground.protection.models import Response
from lastmetre.terms import InputError, say


@transaction.atomic
def open_response(place: Place, *, name: str, by: Actor, at: datetime) -> Response:
    """Open a response of a place: personal data written from now on are sealed with its own key (YX3)."""
    by.must(Permission.MANAGE_RESPONSE, path=place.path)
    opened = responses.open_response(name=checked_name(name), path=place.path, at=at)
    record("open", "protection.response", opened.pk, by=by, at=at, path=place.path)
    return opened


@transaction.atomic
def close_response(response: Response, *, by: Actor, at: datetime) -> Response:
    """Close a response: its data stay readable, new data are sealed by the next one above."""
    _check_ends(response, by)
    if response.closed_at:
        raise InputError(
            say("This response is closed already."), remedy=say("You can erase its personal data.")
        )
    responses.close(response, at=at)
    record("close", "protection.response", response.pk, by=by, at=at, path=response.path)
    return response


@transaction.atomic
def erase_response(response: Response, *, typed_name: str, by: Actor, at: datetime) -> Response:
    """Destroy the key of a closed response: nothing personal that it sealed can be read again, in no backup.

    Two confirmations: it was closed before, and its name is typed.
    """
    _check_ends(response, by)
    if response.erased_at:
        raise InputError(say("This response has been erased already."), remedy=say("Print its certificate."))
    if not response.closed_at:
        raise InputError(say("This response is still open."), remedy=say("Close it first, then erase it."))
    if typed_name.strip() != response.name:
        raise InputError(
            say("What you typed is not the name of this response."),
            remedy=say("Type “{name}” to erase it, or leave it.", name=response.name),
        )
    responses.erase(response, at=at)
    fingerprint = response.key_fingerprint
    # Sealed by the response above: the line must outlive the key.
    record("erase", "protection.response", response.pk, by=by, at=at, path=response.path, key=fingerprint)
    return response


def _check_ends(response: Response, by: Actor) -> None:
    if response.path == EVERYWHERE:
        raise InputError(
            say("The standing response holds what outlives emergencies: it does not end."),
            remedy=say("Open a response of a place for what shall be erased."),
        )
    by.must(Permission.MANAGE_RESPONSE, path=response.path)
