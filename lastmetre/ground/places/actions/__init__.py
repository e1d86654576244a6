"""The only writers of places, a file a subject; every one leaves a line in the journal."""
