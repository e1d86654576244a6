"""Orders at suppliers as pages and papers show them."""
