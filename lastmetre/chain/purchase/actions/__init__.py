"""Buying and packing: the only writers of orders at suppliers."""
