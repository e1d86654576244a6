"""The pages of goods, a file a subject."""
