"""Refusals in a word: their pages say the same whatever was asked for, and take as long as the rest of a request.

Walks ask thousands of times for what is not there; that the pages themselves show nothing is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from lastmetre.web import urls


def _not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("404", status=404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token."""
    return HttpResponse("403", status=403)


class Brief:
    """All addresses, with a word for what is not there."""

    urlpatterns = urls.urlpatterns
    handler400, handler403, handler404, handler500 = (
        urls.handler400,
        urls.handler403,
        _not_found,
        urls.handler500,
    )


@contextmanager
def brief_refusals() -> Iterator[None]:
    """Say no without a page, in a walk whose faults are statuses, headers and rows."""
    with override_settings(ROOT_URLCONF=Brief, CSRF_FAILURE_VIEW=f"{__name__}.{forged.__name__}"):
        yield
