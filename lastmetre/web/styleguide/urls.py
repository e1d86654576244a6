"""Addresses of the style guide."""

from __future__ import annotations

from django.urls import path

from lastmetre.ground.protection.public import public
from lastmetre.ground.protection.scanning import scans
from lastmetre.web.styleguide import views

urlpatterns = [
    path("", scans(public(views.components)), name="styleguide"),
    path("phone", public(views.phone_page), name="styleguide-phone"),
    path("print", public(views.print_page), name="styleguide-print"),
    path("map.json", public(views.sample_map), name="styleguide-map"),
    path("reveal", public(views.reveal), name="styleguide-reveal"),
    path("error/<int:status>", public(views.error), name="styleguide-error"),
]
