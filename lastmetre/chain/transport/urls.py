"""Addresses of the pages of transport."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.transport.views import pages
from lastmetre.ground.protection.scanning import scans

app_name = "transport"
urlpatterns = [
    path("", pages.trips, name="trips"),
    path("rounds/<uuid:pk>", pages.of_round, name="round"),
    path("loads/<uuid:pk>", pages.load, name="load"),
    path("loads/<uuid:pk>/driver", pages.driver, name="driver"),
    path("loads/<uuid:pk>/plate", scans(pages.plate), name="plate"),
    path("loads/<uuid:pk>/move/<slug:act>", pages.move, name="move"),
    path("loads/<uuid:pk>/scan", pages.scan, name="scan"),
    path("loads/<uuid:pk>/out/<uuid:parcel>", pages.out, name="out"),
]
