"""The first page of each role, gathered across the apps: what is to do now, and what comes next."""
