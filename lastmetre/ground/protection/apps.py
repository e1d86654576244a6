"""The app `protection`."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """First of the ground: everything else is kept by it."""

    name = "lastmetre.ground.protection"
    label = "protection"
