"""The door: settings, pages, components, API."""
