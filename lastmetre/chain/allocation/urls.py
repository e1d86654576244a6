"""Addresses of the pages of allocation."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.allocation.views import pages, willing

app_name = "allocation"
urlpatterns = [
    path("rounds/<uuid:pk>", pages.sharing, name="sharing"),
    path("rounds/<uuid:pk>/share-out", pages.share_out, name="share-out"),
    path("rounds/<uuid:pk>/undo", pages.undo, name="undo"),
    path("rounds/<uuid:pk>/list", pages.listed, name="list"),
    path("rounds/<uuid:pk>/willing", willing.own, name="willing"),
    path("rounds/<uuid:pk>/willing/<uuid:household>", willing.for_household, name="willing-for"),
    path("shares/<uuid:pk>", pages.share, name="share"),
    path("households/<uuid:pk>", pages.household, name="household"),
]
