"""Filters for the pages of goods."""
