"""The tree from district to household, and what is in force there (ER3, YC1, YX2)."""
