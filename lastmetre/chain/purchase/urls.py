"""Addresses of the pages of purchase."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "purchase"
urlpatterns: list[URLPattern] = []
