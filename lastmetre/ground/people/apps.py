"""The app `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, their roles and their devices."""

    name = "lastmetre.ground.people"
    label = "people"
