"""The only writers of loads."""
