"""Papers of a round from the rows: at any step, for whoever may, and on disk so that a dead server leaves paper."""
