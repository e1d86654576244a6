"""The only writers of waves, of what happens at doors, and of the queue at the point."""
