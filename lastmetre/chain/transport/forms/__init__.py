"""What people type about a vehicle, made into what actions take."""
