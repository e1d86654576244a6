"""Who sees what, and how what is personal is kept: actors, scopes, encrypted fields, keys."""
