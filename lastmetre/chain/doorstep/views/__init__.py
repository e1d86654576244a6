"""Pages of the last metre."""
