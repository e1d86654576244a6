"""Goods, money and bags in double entry, for programs: all that the pages do."""

from ninja import Router

router = Router(tags=["ledger"])

__all__ = ["router"]
