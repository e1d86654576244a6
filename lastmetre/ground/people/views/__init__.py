"""The pages of people, a file a subject."""
