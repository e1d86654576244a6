"""Money and differences as pages show them."""
