"""The same request key gets the same answer and takes effect once (trust.md 2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from lastmetre.ground.journal.actions import claim_request, keep_answer
from lastmetre.ground.journal.models import AnsweredRequest
from lastmetre.ground.protection import clock
from lastmetre.ground.protection.actor import ActorKind
from lastmetre.terms import InputError, say
from lastmetre.web.api.callers import actor_of
from lastmetre.web.api.problems import problem, problem_for

HEADER = "Idempotency-Key"
LONGEST_KEY = 100
SAFE = ("GET", "HEAD", "OPTIONS")
_KEY = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_KEY}}}")

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let a view take effect once a request key; without the header it runs as it is.

    The answer is kept in the transaction of the effect. A refused request leaves neither effect nor key: it
    may be mended and sent again.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        by = actor_of(request)
        if key is None or request.method in SAFE or by.kind is ActorKind.NOBODY:
            return view(request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            return problem(422, UNREADABLE)
        try:
            with transaction.atomic():
                asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
                claimed = claim_request(key, asked=asked, by=by, at=clock.now())
                if claimed.status is not None:
                    return _again(claimed)
                response = view(request, *args, **kwargs)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                else:
                    keep_answer(claimed, status=response.status_code, answer=response.content.decode())
                return response
        except Exception as error:
            return problem_for(request, error)

    return run


UNREADABLE = InputError(
    say("The request key is not readable."),
    remedy=say("Use 1 to 100 letters, digits, hyphens or underscores, such as a UUID."),
)


def _again(claimed: AnsweredRequest) -> HttpResponse:
    response = HttpResponse(claimed.answer or "", status=claimed.status)
    response["Content-Type"] = "application/json; charset=utf-8"
    return response
