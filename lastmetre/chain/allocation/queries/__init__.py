"""What is asked of a round before it is shared out, and what came of it."""
