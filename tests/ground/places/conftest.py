"""Fixtures of the tests of places."""

from small_district import small

__all__ = ["small"]
