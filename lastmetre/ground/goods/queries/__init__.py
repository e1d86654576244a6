"""Reading goods, a file a subject: querysets or frozen rows."""
