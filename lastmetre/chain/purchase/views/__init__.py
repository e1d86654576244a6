"""Pages of buying and packing."""
