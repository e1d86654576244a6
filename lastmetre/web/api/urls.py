"""The addresses of the API; loaded by `later` at the first request below /api/."""

from __future__ import annotations

from django.urls import path

from lastmetre.web.api.root import urls

urlpatterns = [path("api/", urls())]
