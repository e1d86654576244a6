"""Money and closing, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["settlement"])

__all__ = ["router"]
