"""Rounds and requests."""
