"""Settlement for programs: all that the pages do."""

from ninja import Router

from lastmetre.chain.settlement.api import books, money, payments

router = Router(tags=["settlement"])
for part in (books.router, payments.router, money.router):
    router.add_router("", part)

__all__ = ["router"]
