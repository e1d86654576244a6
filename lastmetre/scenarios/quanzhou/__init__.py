"""Quanzhou: 58 supermarkets, 218 compounds, a closed relay (QZ)."""
