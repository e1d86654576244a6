"""What is there: who may see it, what happened to it, places, people, goods."""
