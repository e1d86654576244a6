"""What pages, API and later apps ask of places, a file a subject; rows come frozen."""
