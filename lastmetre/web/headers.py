"""What a browser may do with our pages: nothing from elsewhere, nothing inline (no third-party request ever)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
DEVICES = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
"""The camera scans bags; nothing of ours listens or asks where somebody is."""


class Headers:
    """Sets the policies; a view allows more by `response.csp_extra = {"img-src": "https://tiles.example"}`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policies of this page."""
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", _policy(getattr(response, "csp_extra", {}) or {})
        )
        response.headers.setdefault("Permissions-Policy", DEVICES)
        return response


def _policy(extra: dict[str, str]) -> str:
    names = [*POLICY, *(name for name in extra if name not in POLICY)]
    return "; ".join(f"{name} {POLICY.get(name, '')} {extra.get(name, '')}".strip() for name in names)
