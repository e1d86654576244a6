"""The relay: from a household's wish to its door, every handover with a person and a time."""
