"""Goods, suppliers, prices."""
