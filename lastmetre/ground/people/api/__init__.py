"""The HTTP API of people: everything that their pages do."""

from lastmetre.ground.people.api import cards, roles, squads, staff
from lastmetre.ground.people.api.base import router

__all__ = ["cards", "roles", "router", "squads", "staff"]
