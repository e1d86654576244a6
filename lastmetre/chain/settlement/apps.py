"""The app `settlement`."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Payments, refunds, and books that close."""

    name = "lastmetre.chain.settlement"
    label = "settlement"
