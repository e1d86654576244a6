"""What browsers may do with our pages: nothing from elsewhere, no code in attributes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def policy(tiles: str) -> str:
    """Return the Content-Security-Policy; only a tile server that was set up may be asked for pictures."""
    address = urlsplit(tiles.replace("{s}", "*"))
    pictures = f" {address.scheme}://{address.netloc}" if address.netloc else ""
    rules = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"img-src 'self' data: blob:{pictures}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "media-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    return "; ".join(rules)


class PolicyMiddleware:
    """Sets the policy on every answer that has none of its own (the scan page has)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = policy(settings.MAP_TILES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the rest of the program does, with the policy in the headers."""
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Security-Policy", self.policy)
        answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return answer
