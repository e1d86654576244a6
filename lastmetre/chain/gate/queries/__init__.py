"""What is asked of arrivals."""
