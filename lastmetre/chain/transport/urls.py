"""Addresses of the pages of transport."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "transport"
urlpatterns: list[URLPattern] = []
