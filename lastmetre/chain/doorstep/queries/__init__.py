"""What the last metre knows."""
