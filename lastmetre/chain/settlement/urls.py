"""Addresses of the pages of settlement."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.settlement.views import books, chase, funds, homes, lines, resident, stock

app_name = "settlement"
urlpatterns = [
    path("", books.rounds, name="rounds"),
    path("rounds/<uuid:pk>", books.books, name="round"),
    path("rounds/<uuid:pk>/close", books.close, name="close"),
    path("rounds/<uuid:pk>/supplier", books.supplier, name="supplier"),
    path("rounds/<uuid:pk>/export/<slug:kind>", books.export, name="export"),
    path("rounds/<uuid:pk>/unpaid", chase.unpaid, name="unpaid"),
    path("rounds/<uuid:pk>/drop", chase.drop, name="drop"),
    path("rounds/<uuid:pk>/lines", lines.lines, name="lines"),
    path("rounds/<uuid:pk>/lines/<uuid:line>", lines.line, name="line"),
    path("rounds/<uuid:pk>/refunds", homes.refunds, name="refunds"),
    path("rounds/<uuid:pk>/donate", funds.donate, name="donate"),
    path("rounds/<uuid:pk>/promises", stock.promises, name="promises"),
    path("rounds/<uuid:pk>/spare", stock.spare, name="spare"),
    path("rounds/<uuid:pk>/households/<uuid:household>", homes.household, name="household"),
    path("rounds/<uuid:pk>/households/<uuid:household>/sheet", homes.sheet, name="sheet"),
    path("rounds/<uuid:pk>/pay", resident.pay, name="pay"),
    path("rounds/<uuid:pk>/statement", resident.statement, name="statement"),
    path("claims/<uuid:pk>", chase.claim, name="claim"),
    path("rounds/<uuid:pk>/goods/<uuid:photo>", resident.goods, name="goods"),
    path("photos/<uuid:pk>", resident.photo, name="photo"),
    path("payments/<uuid:pk>", homes.payment, name="payment"),
    path("decisions/<uuid:pk>", homes.decision, name="decision"),
    path("funds", funds.funds, name="funds"),
    path("funds/new", funds.add, name="add-fund"),
    path("funds/<uuid:pk>/end", funds.end, name="end-fund"),
]
