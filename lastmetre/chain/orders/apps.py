"""The app `orders`."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Rounds, and what every household asks for in them."""

    name = "lastmetre.chain.orders"
    label = "orders"
