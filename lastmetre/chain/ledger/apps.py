"""The app `ledger`."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Where every item, bag and yuan is, and how it came there."""

    name = "lastmetre.chain.ledger"
    label = "ledger"
