"""The app `places`."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Where people live and what is in force there."""

    name = "lastmetre.ground.places"
    label = "places"
