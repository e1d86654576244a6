"""A round of the town at every stage, for all tests of the relay."""

from relay import relay
from shelves import acting, shop

__all__ = ["acting", "relay", "shop"]
