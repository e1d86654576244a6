"""Writing a scenario's world into the database, through the actions of the apps, in one transaction."""

from lastmetre.cli.loading.loading import Loaded, load_scenario

__all__ = ["Loaded", "load_scenario"]
