"""The app `web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and template tags of the door."""

    name = "lastmetre.web"
    label = "web"
