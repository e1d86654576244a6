"""The search page, and its answer within the command palette."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lastmetre.web.homes.frame import frame
from lastmetre.web.search.finding import find

LONGEST = 60


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer a query: the whole page, or only what was found for the palette."""
    words = request.GET.get("q", "")[:LONGEST]
    frame(request)
    context = {"words": words, "groups": find(request, words)}
    return render(request, "search/found.html" if request.htmx else "search/page.html", context)
