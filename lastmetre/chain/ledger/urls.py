"""Addresses of the pages of ledger."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.ledger.views import books, cases

app_name = "ledger"
urlpatterns = [
    path("", books.books, name="books"),
    path("books/<uuid:pk>", books.book, name="book"),
    path("cases", cases.case_list, name="cases"),
    path("cases/<uuid:pk>", cases.case, name="case"),
    path("cases/<uuid:pk>/ring/<uuid:person>", cases.ring, name="ring"),
    path("photos/<uuid:pk>", cases.photo, name="photo"),
]
