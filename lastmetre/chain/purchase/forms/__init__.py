"""Forms of buying and packing."""
