"""Money and closing."""
