"""What went wrong, as problem+json (RFC 9457) in the caller's language: what, and what to do about it."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lastmetre.ground.protection.actor import Denied
from lastmetre.ground.protection.locks import is_taken
from lastmetre.terms import InputError, Sentence, say
from lastmetre.web.api.fields import sentence_for
from lastmetre.web.errors import WHAT_HAPPENED, WRITING

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
BUSY_S = 5
"""After how many seconds a caller may ask again."""

NOT_SIGNED_IN = say("You are not signed in.")
REMEDIES: dict[int, Sentence] = {
    400: say("Send JSON in UTF-8, as /api/openapi.json describes it."),
    401: say("Send a token as `Authorization: Bearer ...`, or sign in on the page."),
    403: say("If it is part of your work, ask whoever gave you your role."),
    404: say("Check the address. What others may see, you may not see."),
    405: say("See /api/openapi.json for what it answers to."),
    413: say("Send it in parts."),
    422: say("Mend the fields that are named, then send it again."),
    429: say("Nothing is lost. Wait a minute, then try again."),
    500: say("Nothing was changed. Try again; if it happens twice, tell the administrator the time."),
    503: say("Try again in a moment."),
}


def problem(status: int, error: InputError | None = None, **more: Any) -> HttpResponse:
    """Answer with a problem; `error` says it more exactly than the standing sentences of the status."""
    title = NOT_SIGNED_IN if status == 401 else WHAT_HAPPENED[status][1]
    remedy = REMEDIES[status]
    body: dict[str, Any] = {"type": "about:blank", "title": title.text(gettext), "status": status}
    if error is not None:
        body["detail"] = error.what.text(gettext)
        remedy = error.remedy
    body["remedy"] = remedy.text(gettext)
    response = HttpResponse(
        json.dumps(body | more, ensure_ascii=False), content_type=MEDIA_TYPE, status=status
    )
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response["Retry-After"] = str(BUSY_S)
    return response


def problem_for(request: HttpRequest, error: Any) -> HttpResponse:
    """Turn any exception into a problem, and undo what was begun; only what nobody foresaw is logged."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    match error:
        case Denied():
            return problem(403, error)
        case InputError():
            return problem(422, error)
        case ValidationError():
            return problem(422, errors=[sentence_for(one) for one in error.errors])
        case Http404():
            return problem(404)
        case RequestDataTooBig():
            return problem(413)
        case SuspiciousOperation() | BadRequest():
            return problem(400)
        case PermissionDenied():
            return problem(403)
        case HttpError(status_code=int(status)) if status in REMEDIES:
            return problem(status)
        case DataError() | UnicodeError():
            # Beyond a column's range, or signs that no text may hold (NUL, half a surrogate).
            return problem(422)
        case OperationalError():
            log.warning("%s %s: the database did not answer: %s", request.method, request.path, error)
            return problem(503, WRITING if is_taken(error) else None)
        case _:
            log.exception("%s %s", request.method, request.path, exc_info=error)
            return problem(500)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Answer for addresses below /api/ that do not exist."""
    return problem(404)


def register(api: NinjaAPI) -> None:
    """Let every exception of the API become a problem."""
    for kind in (ValidationError, HttpError, Http404, InputError, Exception):
        api.add_exception_handler(kind, problem_for)
