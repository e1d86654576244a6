"""A place drawn: its parts as shapes where they are known, as a scheme where they are not."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lastmetre.ground.places.queries.maps import drawing
from lastmetre.ground.places.queries.tree import children
from lastmetre.ground.places.views.frame import find_place, trail_to
from lastmetre.terms import say


@require_safe
def map_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the map of a place and, for all who see none, the same as a list."""
    place = find_place(pk)
    context = {
        "place": place,
        "trail": trail_to(place, say("Map")),
        "source": reverse("place-map-data", args=[place.pk]),
        "drawing": drawing(place, children(place, request.now)),
        "tiles": settings.MAP_TILES,
    }
    return render(request, "places/map.html", context)


@require_safe
def map_data(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the shapes as GeoJSON."""
    place = find_place(pk)
    shapes = drawing(place, children(place, request.now))
    return JsonResponse(shapes.geojson(lambda one: reverse("place", args=[one]), gettext))
