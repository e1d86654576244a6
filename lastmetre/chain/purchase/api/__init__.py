"""Buying and packing, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["purchase"])

__all__ = ["router"]
