"""A campus in Suqian: one gate, four unloading points (SQ)."""
