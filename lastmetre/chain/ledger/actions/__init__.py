"""The only writers of the books. They write as SYSTEM, for a scan at one door posts to accounts above it:
whoever calls them has checked what the actor may do, and has locked what must not change meanwhile."""
