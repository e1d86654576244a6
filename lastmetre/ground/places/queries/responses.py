"""Responses of a territory, and the certificate of one whose personal data were erased."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.http import Http404
from django.shortcuts import get_object_or_404

from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import EVERYWHERE, Actor, sees_any
from lastmetre.ground.protection.fields import Confidential
from lastmetre.ground.protection.models import Response


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an erasure destroyed: printed, signed and filed."""

    response: Response
    place: Place | None
    rows: tuple[tuple[str, int], ...]
    """(table, rows whose personal values the key had sealed); the rows stay, unreadable."""

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(count for _, count in self.rows)


def responses_within(actor: Actor) -> list[tuple[Response, Place | None]]:
    """Return the responses of the places that an actor sees, the latest first, with their places."""
    found = list(Response.objects.filter(path__within_any=list(actor.sees)).order_by("-opened_at"))
    places = {place.path: place for place in Place.objects.filter(path__in=[one.path for one in found])}
    return [(response, places.get(response.path)) for response in found]


def find_response(actor: Actor, pk: UUID) -> Response:
    """Return a response of the actor's places; Http404 for all others, and for the standing one."""
    one = get_object_or_404(Response, pk=pk)
    if one.path == EVERYWHERE or not sees_any(actor, [one.path]):
        raise Http404
    return one


def certificate(response: Response) -> Certificate:
    """Count what a response's key seals or sealed, table by table."""
    sealed = [model for model in apps.get_models() if issubclass(model, Confidential)]
    rows = [(model._meta.db_table, model.objects.filter(response=response).count()) for model in sealed]
    place = Place.objects.filter(path=response.path).first()
    return Certificate(response, place, tuple((table, count) for table, count in rows if count))
