"""All addresses of the product."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from lastmetre.ground.protection.public import public
from lastmetre.web import errors
from lastmetre.web.api.later import later
from lastmetre.web.clock.views import step_clock
from lastmetre.web.display import display
from lastmetre.web.search.views import search

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lastmetre.web.homes.urls")),
    path("search", search, name="search"),
    path("journal", include("lastmetre.web.journal.urls")),
    re_path("^api/", later),
    path("", include("lastmetre.ground.people.urls")),
    path("clock", step_clock, name="clock"),
    path("display", public(display), name="display"),
    path("language", public(set_language), name="language"),
    path("goods/", include("lastmetre.ground.goods.urls")),
    path("places/", include("lastmetre.ground.places.urls")),
    path("ledger/", include("lastmetre.chain.ledger.urls")),
    path("orders/", include("lastmetre.chain.orders.urls")),
    path("allocation/", include("lastmetre.chain.allocation.urls")),
    path("purchase/", include("lastmetre.chain.purchase.urls")),
    path("transport/", include("lastmetre.chain.transport.urls")),
    path("gate/", include("lastmetre.chain.gate.urls")),
    path("sorting/", include("lastmetre.chain.sorting.urls")),
    path("doorstep/", include("lastmetre.chain.doorstep.urls")),
    path("settlement/", include("lastmetre.chain.settlement.urls")),
    path("printing/", include("lastmetre.web.printing.urls")),
    path("styleguide/", include("lastmetre.web.styleguide.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
