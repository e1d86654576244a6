"""Arrivals, for programs: all that the pages do."""

from ninja import Router

from lastmetre.chain.gate.api.arrivals import router as arrivals_router

router = Router(tags=["gate"])
router.add_router("", arrivals_router)

__all__ = ["router"]
