"""The last metre, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["doorstep"])

__all__ = ["router"]
