"""The app `gate`."""

from django.apps import AppConfig


class GateConfig(AppConfig):
    """What arrives, counted and held by somebody."""

    name = "lastmetre.chain.gate"
    label = "gate"
