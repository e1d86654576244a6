"""Rounds and requests as pages show them."""
