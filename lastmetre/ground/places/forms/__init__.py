"""The forms of places, a file a subject."""
