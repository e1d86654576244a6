"""Sharing out a round, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["allocation"])

__all__ = ["router"]
