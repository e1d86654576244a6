"""What is asked of carts."""
