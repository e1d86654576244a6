"""Words of sorting in templates."""
