"""Buying and packing."""
