"""The app `goods`."""

from django.apps import AppConfig


class GoodsConfig(AppConfig):
    """What can be had, from whom, at what price."""

    name = "lastmetre.ground.goods"
    label = "goods"
