"""The last metre."""
