"""Lastmetre: keeps people fed when they cannot leave home."""

__version__ = "0.1.0"
