"""The journal's page: joins lines with the names of people, places and goods."""
