"""Who works and lives there, what they may do, and how they sign in."""
