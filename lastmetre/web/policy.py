"""What browsers may do with our pages: nothing from elsewhere, no code in attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lastmetre.ground.protection.scanning import is_scanning

PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def policy(tiles: str, *, scans: bool = False) -> str:
    """Return the Content-Security-Policy; only a tile server that was set up may be asked for pictures.

    A page that scans may run WebAssembly, and still no code from strings.
    """
    address = urlsplit(tiles.replace("{s}", "*"))
    pictures = f" {address.scheme}://{address.netloc}" if address.netloc else ""
    rules = [
        "default-src 'none'",
        "script-src 'self'" + " 'wasm-unsafe-eval'" * scans,
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
    """Sets the policy on every answer; pages that scan have one of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = policy(settings.MAP_TILES)
        self.scanning = policy(settings.MAP_TILES, scans=True)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the rest of the program does, with the policy in the headers."""
        answer = self.get_response(request)
        shown = self.scanning if getattr(request, "is_scanning", False) else self.policy
        answer.headers.setdefault("Content-Security-Policy", shown)
        answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Note whether the page scans."""
        request.is_scanning = is_scanning(view)
        return None
