"""Responses and their certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from lastmetre.ground.places.actions import responses as actions
from lastmetre.ground.places.api.regime_schemas import CertificateOut, EraseIn, ResponseIn, ResponseOut
from lastmetre.ground.places.api.tree import find
from lastmetre.ground.places.models import Place
from lastmetre.ground.places.queries.responses import certificate, find_response, responses_within
from lastmetre.ground.protection.actor import EVERYWHERE
from lastmetre.ground.protection.models import Response

router = Router(tags=["responses"])


@router.get("/responses", response=list[ResponseOut])
def list_responses(request: HttpRequest) -> list[dict[str, Any]]:
    """List the responses of the caller's places, the latest first."""
    return [_plain(one, place) for one, place in responses_within(request.actor) if one.path != EVERYWHERE]


@router.post("/{uuid:pk}/responses", response=ResponseOut)
def open_response(request: HttpRequest, pk: UUID, body: ResponseIn) -> dict[str, Any]:
    """Open a response of a place: what is written from now on is sealed with a key of its own."""
    place = find(pk)
    opened = actions.open_response(place, name=body.name, by=request.actor, at=request.now)
    return _plain(opened, place)


@router.post("/responses/{uuid:pk}/close", response=ResponseOut)
def close(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Close a response."""
    one = actions.close_response(find_response(request.actor, pk), by=request.actor, at=request.now)
    return _plain(one, certificate(one).place)


@router.post("/responses/{uuid:pk}/erase", response=CertificateOut)
def erase(request: HttpRequest, pk: UUID, body: EraseIn) -> dict[str, Any]:
    """Destroy the key of a closed response for good; `name` is the response's, as a second confirmation."""
    one = find_response(request.actor, pk)
    actions.erase_response(one, typed_name=body.name, by=request.actor, at=request.now)
    return _certificate(one)


@router.get("/responses/{uuid:pk}", response=CertificateOut)
def show(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Show a response and how many records its key seals or sealed."""
    return _certificate(find_response(request.actor, pk))


def _plain(one: Response, place: Place | None) -> dict[str, Any]:
    names = ("name", "opened_at", "closed_at", "erased_at", "key_fingerprint")
    return {
        "id": one.pk,
        "place": place.pk if place else None,
        **{name: getattr(one, name) for name in names},
    }


def _certificate(one: Response) -> dict[str, Any]:
    paper = certificate(one)
    return _plain(one, paper.place) | {"records": dict(paper.rows)}
