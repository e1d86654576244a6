"""Bags onto carts."""
