"""Rounds and requests, for programs: all that the pages do."""

from ninja import Router

from lastmetre.chain.orders.api import intake, rounds

router = Router(tags=["orders"])
for part in (intake.router, rounds.router):
    router.add_router("", part)

__all__ = ["router"]
