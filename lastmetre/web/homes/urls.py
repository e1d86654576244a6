"""Addresses of first pages."""

from __future__ import annotations

from django.urls import path

from lastmetre.web.homes import views

urlpatterns = [
    path("", views.front, name="front"),
    path("home/<uuid:assignment>", views.home, name="home"),
    path("contact/<uuid:person>", views.contact, name="contact"),
]
