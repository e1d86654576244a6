"""Goods for programs: all that the pages do."""

from ninja import Router

from lastmetre.ground.goods.api import offers, prices, products, suppliers

router = Router(tags=["goods"])
for part in (products.router, suppliers.router, offers.router, prices.router):
    router.add_router("", part)

__all__ = ["router"]
