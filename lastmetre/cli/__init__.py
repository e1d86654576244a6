"""The command line: reading, planning and papers in one go."""
