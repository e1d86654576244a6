"""Addresses of the pages of gate."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.gate.views import arrivals, bags
from lastmetre.ground.protection.scanning import scans

app_name = "gate"
urlpatterns = [
    path("", arrivals.arrivals, name="arrivals"),
    path("rounds/<uuid:pk>", arrivals.round_page, name="round"),
    path("arrivals/<uuid:pk>", scans(arrivals.arrival), name="arrival"),
    path("arrivals/<uuid:pk>/all", arrivals.count_by_hand, name="all"),
    path("arrivals/<uuid:pk>/give", arrivals.give, name="give"),
    path("arrivals/<uuid:pk>/release", arrivals.release, name="release"),
    path("arrivals/<uuid:pk>/reopen", arrivals.reopen, name="reopen"),
    path("arrivals/<uuid:pk>/bags/<uuid:bag>", bags.bag, name="bag"),
    path("arrivals/<uuid:pk>/bags/<uuid:bag>/missing", bags.not_there, name="not-there"),
    path("arrivals/<uuid:pk>/bags/<uuid:bag>/uncount", bags.uncounted, name="uncount"),
    path("missing/<uuid:pk>", bags.missing, name="missing"),
]
