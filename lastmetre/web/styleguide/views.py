"""Shows every component in all its states, so that it can be looked at and tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from lastmetre.terms import say
from lastmetre.web.door import Item, door_of
from lastmetre.web.errors import WHAT_HAPPENED, error_page
from lastmetre.web.icons import names
from lastmetre.web.styleguide.forms import SampleForm

NOW = datetime(2022, 4, 12, 7, 30, tzinfo=UTC)
"""The style guide's own noon: its pictures stay the same from day to day."""


@dataclass(frozen=True, slots=True)
class SamplePage:
    """What a pager reads of a page of a list."""

    previous: str = "before"
    next: str = "after"


def components(request: HttpRequest) -> HttpResponse:
    """Show all components on the desk layer."""
    _furnish(request)
    context = {
        "now": NOW,
        "soon": NOW + timedelta(hours=1, minutes=23),
        "earlier": NOW - timedelta(minutes=35),
        "form": SampleForm(),
        "wrong_form": SampleForm({"people": "many", "when": "a"}, prefix="wrong"),
        "page": SamplePage(),
        "trail": [("二七区", "#"), ("开元丽城", "#"), ("3号楼", "")],
        "tabs": [
            (say("Today"), "#tabs", True),
            (say("This week"), "#tabs", False),
            (say("All"), "#tabs", False),
        ],
        "steps": [say("Paste"), say("Check"), say("Done")],
        "icons": sorted(names()),
        "errors": sorted(WHAT_HAPPENED),
    }
    return render(request, "styleguide/components.html", context)


def phone_page(request: HttpRequest) -> HttpResponse:
    """Show a page of the phone layer as a resident would meet it."""
    _furnish(request)
    return render(
        request, "styleguide/phone.html", {"now": NOW, "soon": NOW + timedelta(hours=1, minutes=23)}
    )


def print_page(request: HttpRequest) -> HttpResponse:
    """Show a page made to be printed."""
    return render(request, "styleguide/print.html", {})


def sample_map(request: HttpRequest) -> JsonResponse:
    """Answer with a drawing of three buildings in metres."""
    squares = [("1号楼", 0, "good"), ("2号楼", 60, "wait"), ("3号楼", 120, "act")]
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "state": state, "label": True},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x + 40, 0], [x + 40, 25], [x, 25], [x, 0]]],
            },
        }
        for name, x, state in squares
    ]
    return JsonResponse({"type": "FeatureCollection", "schematic": True, "features": features})


@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    """Answer a masked value's button with an invented number."""
    part = "ui/revealed.html" if request.htmx else "styleguide/revealed.html"
    return render(request, part, {"value": "13700001234", "phone": True})


def error(request: HttpRequest, status: int) -> HttpResponse:
    """Show an error page."""
    return error_page(request, status if status in WHAT_HAPPENED else 404)


def _furnish(request: HttpRequest) -> None:
    door = door_of(request)
    door.person, door.place = "王女士", "开元丽城 3号楼"
    door.places = [("开元丽城 3号楼", "#", True), ("开元丽城 5号楼", "#", False)]
    door.nav = [
        Item(say("Today"), "home", "/styleguide/phone", here=True),
        Item(say("Orders"), "clipboard-list", "/styleguide/"),
        Item(say("Roster"), "users", "/styleguide/"),
        Item(say("Papers"), "printer", "/styleguide/print"),
    ]
