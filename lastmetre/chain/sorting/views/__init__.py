"""The pages of sorting."""
