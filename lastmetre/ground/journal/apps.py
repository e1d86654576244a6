"""The app `journal`."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What happened, for good."""

    name = "lastmetre.ground.journal"
    label = "journal"
