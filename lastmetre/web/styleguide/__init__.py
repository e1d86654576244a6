"""The living page of all components, with the rule of each."""
