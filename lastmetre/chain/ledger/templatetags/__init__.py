"""Filters of the books."""
