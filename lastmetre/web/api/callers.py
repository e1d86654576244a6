"""Who calls: a program with a token, or a page with its cookie (then a forged form must not get through)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from lastmetre.ground.protection.actor import NOBODY, Actor, ActorKind


def actor_of(request: HttpRequest) -> Actor:
    """Return who stands behind a request; the middleware has found out."""
    actor: Actor = getattr(request, "actor", NOBODY)
    return actor


def sends_token(request: HttpRequest) -> bool:
    """Tell whether the caller names itself by token; the middleware then reads no cookie."""
    return "Authorization" in request.headers


class Token(AuthBase):
    """A token in the header `Authorization: Bearer ...`."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the actor of a token that is good."""
        actor = actor_of(request)
        return actor if sends_token(request) and actor.kind is not ActorKind.NOBODY else None


class Cookie(AuthBase):
    """A page's device cookie; what changes something also needs the header X-CSRFToken."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.DEVICE_COOKIE

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the actor of a device that is signed in; raises 403 for a forged request."""
        actor = actor_of(request)
        if sends_token(request) or actor.kind is ActorKind.NOBODY:
            return None
        if check_csrf(request):
            raise HttpError(403, "forged")
        return actor
