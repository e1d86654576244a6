"""The only writers of people, a file a subject."""
