"""The forms of people, a file a subject."""
