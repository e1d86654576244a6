"""Rounds and requests, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["orders"])

__all__ = ["router"]
