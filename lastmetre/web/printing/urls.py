"""Addresses of the papers."""

from __future__ import annotations

from django.urls import URLPattern, path

from lastmetre.web.printing import views

app_name = "printing"
urlpatterns: list[URLPattern] = [
    path("rounds/<uuid:pk>", views.papers, name="papers"),
    path("rounds/<uuid:pk>/lists", views.lists, name="lists"),
    path("rounds/<uuid:pk>/lists/<int:cart>", views.door_list, name="list"),
    path("rounds/<uuid:pk>/<slug:paper>", views.paper, name="paper"),
]
