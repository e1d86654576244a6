"""Rounds and requests, for programs: all that the pages do."""

from ninja import Router

from lastmetre.chain.orders.api import intake

router = Router(tags=["orders"])
router.add_router("", intake.router)

__all__ = ["router"]
