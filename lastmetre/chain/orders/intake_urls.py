"""Addresses of what comes in: pastes, workbooks, calls, sheets, silence."""

from __future__ import annotations

from django.urls import path

from lastmetre.chain.orders.views import pasting, phone, reviewing, sheets, silence

urlpatterns = [
    path("rounds/<uuid:pk>/intake", pasting.intake, name="intake"),
    path("rounds/<uuid:pk>/late", pasting.late, name="late"),
    path("rounds/<uuid:pk>/review", reviewing.queue, name="review"),
    path("rounds/<uuid:pk>/review/back", reviewing.take_back_last, name="take-back-answer"),
    path("rounds/<uuid:pk>/phone", phone.find, name="phone"),
    path("rounds/<uuid:pk>/phone/<uuid:household>", phone.keyed, name="keyed"),
    path("rounds/<uuid:pk>/sheets", sheets.sheets, name="sheets"),
    path("rounds/<uuid:pk>/sheets.pdf", sheets.print_sheets, name="print-sheets"),
    path("intakes/<uuid:pk>", pasting.preview_page, name="preview"),
    path("intakes/<uuid:pk>/aside", pasting.put_aside, name="put-aside"),
    path("sheets/<uuid:pk>", sheets.sheet, name="sheet"),
    path("doubts/<uuid:pk>", reviewing.settle_one, name="settle"),
    path("silence/<uuid:place>", silence.silence, name="silence"),
    path("contacts/<uuid:household>", silence.contact, name="contact"),
]
