"""The only writers of rounds and requests."""
