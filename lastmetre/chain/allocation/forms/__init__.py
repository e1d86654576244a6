"""Forms of sharing out."""
