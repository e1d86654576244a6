"""Fancheng: 200 small shops, 6 platforms, 11 supermarkets (FC)."""
