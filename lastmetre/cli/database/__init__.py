"""A real PostgreSQL under our own supervisor, and what is done to its data from outside (docs/reasons/020)."""
