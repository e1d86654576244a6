"""Goods, money and bags in double entry."""
