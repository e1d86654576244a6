"""Kaiyuan Licheng in Erqi: 8 buildings, 24 units, 24 carts (ER3a, ER3b, ER5)."""
