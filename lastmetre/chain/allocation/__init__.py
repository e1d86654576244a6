"""Sharing out a round."""
