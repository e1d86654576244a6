"""Loads as pages show them."""
