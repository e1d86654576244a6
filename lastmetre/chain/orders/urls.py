"""Addresses of the pages of orders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from lastmetre.chain.orders.views import announcing, ordering, rounds
from lastmetre.ground.protection.public import public

app_name = "orders"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", ordering.mine, name="mine"),
    path("for/<uuid:household>", ordering.rounds_of_household, name="for"),
    path("places/<uuid:place>", rounds.round_list, name="rounds"),
    path("places/<uuid:place>/new", rounds.choose, name="choose"),
    path("places/<uuid:place>/new/<uuid:supplier>", rounds.new, name="new"),
    path("rounds/<uuid:pk>", rounds.show, name="round"),
    path("r/<uuid:pk>", public(announcing.announced), name="announced"),
    path("rounds/<uuid:pk>/notice", announcing.notice, name="notice"),
    path("rounds/<uuid:pk>/poster/<slug:kind>", announcing.poster, name="poster"),
    path("rounds/<uuid:pk>/change", rounds.change, name="change"),
    path("rounds/<uuid:pk>/move/<slug:act>", rounds.move, name="move"),
    path("<uuid:pk>", ordering.order, name="order"),
    path("<uuid:pk>/cancel", ordering.cancel, name="cancel"),
    path("<uuid:pk>/for/<uuid:household>", ordering.order_for, name="order-for"),
    path("<uuid:pk>/for/<uuid:household>/cancel", ordering.cancel_for, name="cancel-for"),
    path("", include("lastmetre.chain.orders.intake_urls")),
]
