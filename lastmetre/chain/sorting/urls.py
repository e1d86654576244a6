"""Addresses of the pages of sorting."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.sorting.views import carts
from lastmetre.ground.protection.scanning import scans

app_name = "sorting"
urlpatterns = [
    path("", carts.rounds, name="rounds"),
    path("rounds/<uuid:pk>", scans(carts.sort), name="round"),
    path("rounds/<uuid:pk>/plan", carts.plan, name="plan"),
    path("runs/<uuid:pk>", carts.cart, name="cart"),
    path("runs/<uuid:pk>/release", carts.release, name="release"),
    path("runs/<uuid:pk>/reopen", carts.reopen, name="reopen"),
    path("placements/<uuid:pk>/undo", carts.undo, name="undo"),
]
