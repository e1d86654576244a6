"""Loads on their way to a gate, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["transport"])

__all__ = ["router"]
