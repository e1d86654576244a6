"""Dongchen Xinyu in Yichang: 26 buildings, 35 units, 150 helpers (YC)."""
