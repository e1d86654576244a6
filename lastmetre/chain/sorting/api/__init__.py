"""Bags onto carts, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["sorting"])

__all__ = ["router"]
