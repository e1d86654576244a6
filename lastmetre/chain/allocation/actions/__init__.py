"""The only writers of allocations."""
