"""The API of places: everything that the pages do. `router` stands below /api/places."""

from __future__ import annotations

from ninja import Router

from lastmetre.ground.places.api import parts, regimes, responses, rosters, tree

router = Router(tags=["places"])
# Addresses with a fixed word come before those with an id.
for one in (regimes.router, responses.router, rosters.router, parts.router, tree.router):
    router.add_router("", one)

__all__ = ["router"]
