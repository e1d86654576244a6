"""Filters of settlement."""
