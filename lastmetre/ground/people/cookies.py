"""The cookie that carries a device's token: no script can read it, no other site can send it along."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lastmetre.ground.people.rules import LIFE_OF_DEVICE


def kept_token(request: HttpRequest) -> str:
    """Return the token that a browser keeps, or ''."""
    return request.COOKIES.get(settings.DEVICE_COOKIE, "")


def keep_token(response: HttpResponse, token: str) -> None:
    """Let the browser keep a device's token; the database says when it ends."""
    response.set_cookie(
        settings.DEVICE_COOKIE,
        token,
        max_age=int(max(LIFE_OF_DEVICE.values()).total_seconds()),
        secure=settings.IS_PUBLIC,
        httponly=True,
        samesite="Lax",
    )


def forget_token(response: HttpResponse) -> None:
    """Make the browser forget its token."""
    response.delete_cookie(settings.DEVICE_COOKIE, samesite="Lax")
