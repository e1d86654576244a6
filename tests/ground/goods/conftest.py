"""The goods of the town, for every test here."""

from shelves import acting, shop

__all__ = ["acting", "shop"]
