"""Forms of the pages of settlement."""
