"""What `lastmetre drill` is made of: a scenario as a flow, variants of it, and the report."""
