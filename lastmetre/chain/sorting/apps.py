"""The app `sorting`."""

from django.apps import AppConfig


class SortingConfig(AppConfig):
    """Bags onto numbered carts."""

    name = "lastmetre.chain.sorting"
    label = "sorting"
