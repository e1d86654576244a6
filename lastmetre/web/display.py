"""Theme and care mode, chosen by a form and kept in cookies; no account needed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lastmetre.web.door import CARE_COOKIE, THEME_COOKIE, THEMES

A_YEAR_S = 31_536_000


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remember what was chosen and go back to the page it was chosen on."""
    answer = HttpResponseRedirect(back(request))
    if "care" in request.POST:
        _keep(answer, CARE_COOKIE, "1" if request.POST["care"] == "1" else "")
    if "theme" in request.POST:
        _keep(answer, THEME_COOKIE, theme if (theme := request.POST["theme"]) in THEMES else "")
    return answer


def back(request: HttpRequest) -> str:
    """Return the address to go back to: only one of these pages."""
    wanted = request.POST.get("next", "/")
    here = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, here, request.is_secure()) else "/"


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    # Readable by door.js, which switches at once and then writes the same cookie.
    answer.set_cookie(name, value, max_age=A_YEAR_S, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE)
