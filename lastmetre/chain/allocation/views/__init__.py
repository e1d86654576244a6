"""Pages of sharing out."""
