"""Addresses of the style guide."""

from __future__ import annotations

from django.urls import path

from lastmetre.web.styleguide import views

urlpatterns = [
    path("", views.components, name="styleguide"),
    path("phone", views.phone_page, name="styleguide-phone"),
    path("print", views.print_page, name="styleguide-print"),
    path("map.json", views.sample_map, name="styleguide-map"),
    path("reveal", views.reveal, name="styleguide-reveal"),
    path("error/<int:status>", views.error, name="styleguide-error"),
]
