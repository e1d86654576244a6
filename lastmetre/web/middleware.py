"""The door: who is it, what may they see, and one transaction around all they do.

A request is a transaction in which row-level security knows the actor. It is rolled back when the server
fails or an action refuses (InputError); answers that a view makes itself, also 4xx, stay (failed sign-ins
must count).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DataError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from lastmetre.ground.people.actions.devices import seen
from lastmetre.ground.people.cookies import forget_token, kept_token
from lastmetre.ground.people.queries.door import Visitor, visitor_of_token
from lastmetre.ground.people.rules import SEEN_EVERY, DeviceKind
from lastmetre.ground.protection.actor import NOBODY, SYSTEM, Denied
from lastmetre.ground.protection.locks import is_taken
from lastmetre.ground.protection.public import is_public
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say
from lastmetre.web.errors import WRITING, error_page

API = "/api/"
SIGN_IN = "/sign-in"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TheDoor:
    """Sets `request.actor`, `request.visitor` (None: nobody) and `request.now`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the visitor's scope."""
        try:
            visitor = self._visitor(request)
            request.visitor = visitor
            request.actor = visitor.actor if visitor else NOBODY
            with acting_as(request.actor) as now:
                request.now = now
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
        except OperationalError as error:
            return self._pausing(request, error)
        return _finished(request, response, visitor)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Turn away who is not signed in, unless the page is public."""
        # The API turns callers away itself, as problems.
        if request.visitor is not None or is_public(view) or request.path.startswith(API):
            return None
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method in READING else ""
        address = SIGN_IN + back
        return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say what an action refused; nothing of the request remains."""
        if isinstance(exception, OperationalError):  # the database went away, or a lock was not to be had
            transaction.set_rollback(True)
            return self._pausing(request, exception)
        if isinstance(exception, DataError | UnicodeError):
            # A sign or a number that no column can hold; the database refuses before anything is written.
            exception = InputError(
                say("Something in what was sent cannot be stored."),
                remedy=say("Take out unusual signs and very large numbers, and send it again."),
            )
        if not isinstance(exception, InputError):
            return None
        transaction.set_rollback(True)
        return error_page(request, 403 if isinstance(exception, Denied) else 422, exception)

    def _visitor(self, request: HttpRequest) -> Visitor | None:
        token, wanted = _token(request)
        if not token:
            return None
        with acting_as(SYSTEM) as now:
            visitor = visitor_of_token(token, at=now)
            if visitor is None or (visitor.kind is DeviceKind.TOKEN) != wanted:
                return None
            if now - visitor.seen_at > SEEN_EVERY:
                seen(visitor.device, at=now)
        return visitor

    def _pausing(self, request: HttpRequest, error: OperationalError) -> HttpResponse:
        said = WRITING if is_taken(error) else None
        if not request.path.startswith(API):
            return error_page(request, 503, said)
        from lastmetre.web.api.problems import problem  # with all of the API: pages do without

        return problem(503, said)


def _token(request: HttpRequest) -> tuple[str, bool]:
    """Return the token that came with a request, and whether as that of a program."""
    if "Authorization" in request.headers and request.path.startswith(API):
        scheme, _, token = request.headers["Authorization"].partition(" ")
        return (token.strip() if scheme.lower() == "bearer" else ""), True
    return kept_token(request), False


def _finished(request: HttpRequest, response: HttpResponse, visitor: Visitor | None) -> HttpResponse:
    stale = visitor is None and kept_token(request) and not request.path.startswith(API)
    if stale and settings.DEVICE_COOKIE not in response.cookies:
        forget_token(response)
    # Phones are shared: what one person read must not come back for the next.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
