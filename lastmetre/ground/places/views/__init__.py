"""The pages of places, a file a subject."""
