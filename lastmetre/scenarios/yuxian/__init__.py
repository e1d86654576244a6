"""Yu county: regimes, risk levels and work groups (YX)."""
