"""Addresses of the pages of gate."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "gate"
urlpatterns: list[URLPattern] = []
