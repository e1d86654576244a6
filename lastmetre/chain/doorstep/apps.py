"""The app `doorstep`."""

from django.apps import AppConfig


class DoorstepConfig(AppConfig):
    """Carts to doors, or doors to the pickup point."""

    name = "lastmetre.chain.doorstep"
    label = "doorstep"
