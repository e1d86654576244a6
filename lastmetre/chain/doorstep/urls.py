"""Addresses of the pages of doorstep."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.doorstep.views import mine, pickup, waves, where

app_name = "doorstep"
urlpatterns = [
    path("mine", mine.mine, name="mine"),
    path("doors/<uuid:pk>", mine.door, name="door"),
    path("tell", mine.tell, name="tell"),
    path("take/<uuid:pk>", mine.take, name="take"),
    path("worker.js", mine.worker, name="worker"),
    path("rounds/<uuid:pk>", waves.waves, name="round"),
    path("rounds/<uuid:pk>/pickup", pickup.pickup, name="pickup"),
    path("waves/<uuid:pk>", waves.change_wave, name="wave"),
    path("duties/<uuid:pk>", waves.duty, name="duty"),
    path("where/<uuid:pk>", where.where, name="where"),
]
