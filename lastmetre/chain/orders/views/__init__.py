"""Pages of rounds and orders, a file a subject."""
