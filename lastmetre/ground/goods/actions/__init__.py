"""The only writers of goods, a file a subject; every one leaves a line in the journal."""
