"""The app `transport`."""

from django.apps import AppConfig


class TransportConfig(AppConfig):
    """What is on its way, with whom."""

    name = "lastmetre.chain.transport"
    label = "transport"
