"""Addresses of the pages of purchase."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.purchase.views import bags, desk, exports, lines

app_name = "purchase"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("exports", exports.exports, name="exports"),
    path("rounds/<uuid:pk>", desk.of_round, name="round"),
    path("orders/<uuid:pk>", desk.order, name="order"),
    path("orders/<uuid:pk>/move/<slug:act>", desk.move, name="move"),
    path("orders/<uuid:pk>/goods/<uuid:good>", lines.line, name="line"),
    path("orders/<uuid:pk>/proposals/<uuid:proposal>", lines.decision, name="decide"),
    path("orders/<uuid:pk>/picture", bags.picture, name="picture"),
    path("orders/<uuid:pk>/bags", bags.bags, name="bags"),
    path("orders/<uuid:pk>/bags/<uuid:household>", bags.bag, name="bag"),
    path("orders/<uuid:pk>/bags/<uuid:household>/unpack", bags.unpack, name="unpack"),
]
