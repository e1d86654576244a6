"""Loads on their way to a gate."""
