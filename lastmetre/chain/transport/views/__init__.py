"""Pages of loads: for who sends, who drives, who waits."""
