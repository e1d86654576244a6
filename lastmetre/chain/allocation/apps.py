"""The app `allocation`."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """Who gets what at the cut-off, and why."""

    name = "lastmetre.chain.allocation"
    label = "allocation"
