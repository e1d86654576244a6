"""Carts, for programs: all that the pages do."""

from ninja import Router

from lastmetre.chain.sorting.api.carts import router as carts_router

router = Router(tags=["sorting"])
router.add_router("", carts_router)

__all__ = ["router"]
