"""Pages for what went wrong: what happened, what to do, whom to call; never how the program is made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lastmetre.terms import InputError, Sentence, say

WHAT_HAPPENED: dict[int, tuple[str, Sentence, Sentence]] = {
    400: (
        "alert-triangle",
        say("This request could not be read."),
        say("Go back, load the page again and repeat what you did."),
    ),
    403: (
        "lock",
        say("You may not do this here."),
        say("If it is part of your work, ask whoever gave you your role."),
    ),
    404: (
        "search",
        say("There is nothing here."),
        say("Check the address, or go to the first page. What others may see, you may not see."),
    ),
    405: (
        "alert-triangle",
        say("This page does not work that way."),
        say("Go back and use the button on the page."),
    ),
    409: (
        "refresh",
        say("Somebody changed this in the meantime."),
        say("Load the page again: you will see what they did. Then repeat yours if it is still needed."),
    ),
    413: (
        "file",
        say("This file is too large."),
        say("Split it, or remove pictures from it, and send it again."),
    ),
    422: (
        "alert-triangle",
        say("Something in what you sent does not fit."),
        say("Go back and look at what is marked in red."),
    ),
    429: (
        "hourglass",
        say("Very many people are asking right now."),
        say("Nothing is lost. Wait a minute, then try again."),
    ),
    500: (
        "tools",
        say("Something broke on our side."),
        say("Nothing you entered before was lost. Try again; if it happens twice, call for help."),
    ),
    503: (
        "clock-pause",
        say("The system is pausing for a moment."),
        say("Try again in a minute. Paper lists stay valid meanwhile."),
    ),
}


WRITING = InputError(
    say("Somebody else is writing here just now."),
    remedy=say("Nothing of yours was changed. Go back, wait a moment and do it again."),
)
"""A row was not to be had in time: the server is well, and the next try nearly always works."""


def error_page(request: HttpRequest, status: int, error: InputError | None = None) -> HttpResponse:
    """Answer with the page for a status; `error` says it more exactly than the standing sentences."""
    icon, what, remedy = WHAT_HAPPENED[status]
    if error is not None:
        what, remedy = error.what, error.remedy
    context = {"icon": icon, "what": what, "remedy": remedy, "status": status}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400; too large an upload arrives here as well."""
    return error_page(request, 413 if type(exception).__name__ == "RequestDataTooBig" else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: the same for what is foreign and for what does not exist."""
    return error_page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return error_page(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page that was left open too long."""
    error = InputError(
        say("This page was open for too long, or cookies are switched off."),
        remedy=say("Load it again and repeat what you did. Allow cookies for this address."),
    )
    return error_page(request, 403, error)
