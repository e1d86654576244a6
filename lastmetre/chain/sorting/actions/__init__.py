"""The only writers of carts."""
