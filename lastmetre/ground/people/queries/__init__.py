"""What can be asked about people, a file a subject; all answers are frozen rows."""
