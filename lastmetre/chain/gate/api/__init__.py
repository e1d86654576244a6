"""Arrivals, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["gate"])

__all__ = ["router"]
