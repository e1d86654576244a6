"""Addresses of the pages of orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "orders"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lastmetre.chain.orders.intake_urls")),
]
