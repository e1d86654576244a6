"""Addresses of the pages of goods."""

from __future__ import annotations

from django.urls import path

from lastmetre.ground.goods.views import books, catalogue, desk, offer_files, prices, suppliers

app_name = "goods"
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("products/new", catalogue.add, name="add-product"),
    path("products/<uuid:pk>", catalogue.product, name="product"),
    path("products/<uuid:pk>/edit", catalogue.edit, name="edit-product"),
    path("products/<uuid:pk>/substitutes/new", catalogue.substitute, name="add-substitute"),
    path("products/<uuid:pk>/substitutes/<uuid:other>/end", catalogue.substitute_end, name="end-substitute"),
    path("products/<uuid:pk>/end", catalogue.end, name="end-product"),
    path("choice/<uuid:pk>", prices.assortment, name="assortment"),
    path("suppliers", suppliers.supplier_list, name="suppliers"),
    path("suppliers/new", suppliers.add, name="add-supplier"),
    path("suppliers/<uuid:pk>", suppliers.supplier, name="supplier"),
    path("suppliers/<uuid:pk>/edit", suppliers.edit, name="edit-supplier"),
    path("suppliers/<uuid:pk>/contact", suppliers.contact, name="contact"),
    path("suppliers/<uuid:pk>/papers", suppliers.papers, name="papers"),
    path("suppliers/<uuid:pk>/areas/new", suppliers.area, name="add-area"),
    path("suppliers/<uuid:pk>/capacity", suppliers.capacity, name="capacity"),
    path("suppliers/<uuid:pk>/payee", suppliers.payee, name="payee"),
    path("suppliers/<uuid:pk>/offers/new", desk.add, name="add-offer"),
    path("suppliers/<uuid:pk>/offers/file", offer_files.take, name="offer-file"),
    path("suppliers/<uuid:pk>/offers.yaml", offer_files.give, name="offer-file-out"),
    path("areas/<uuid:pk>/fee", suppliers.fee, name="fee"),
    path("areas/<uuid:pk>/end", suppliers.area_end, name="end-area"),
    path("payees/<uuid:pk>", suppliers.payee_decide, name="decide-payee"),
    path("offers", desk.my_offers, name="my-offers"),
    path("offers/<uuid:pk>", desk.offer, name="offer"),
    path("offers/<uuid:pk>/quick", desk.quick, name="quick"),
    path("offers/<uuid:pk>/end", desk.end, name="end-offer"),
    path("prices", prices.prices, name="prices"),
    path("prices/caps/new", prices.cap, name="add-cap"),
    path("prices/caps/<uuid:pk>/end", prices.cap_end, name="end-cap"),
    path("prices/benchmarks/new", prices.benchmark, name="add-benchmark"),
    path("reserves", prices.reserves, name="reserves"),
    path("reserves/new", prices.reserve, name="add-reserve"),
    path("reserves/<uuid:pk>/end", prices.reserve_end, name="end-reserve"),
    path("import/<slug:kind>", books.take, name="import"),
    path("export/<slug:kind>", books.give, name="export"),
]
