"""What people type about waves and doors."""
