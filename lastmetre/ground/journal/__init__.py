"""Who did what to whom, when and why: append-only and sealed."""
