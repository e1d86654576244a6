"""Pudong: warm-heart markets and front warehouses (PD)."""
