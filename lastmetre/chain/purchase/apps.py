"""The app `purchase`."""

from django.apps import AppConfig


class PurchaseConfig(AppConfig):
    """What is bought from the supplier, packed and labelled."""

    name = "lastmetre.chain.purchase"
    label = "purchase"
