"""The last metre, for programs: all that the pages do."""

from ninja import Router

from lastmetre.chain.doorstep.api import doors, pickup, waves

router = Router(tags=["doorstep"])
for part in (doors.router, waves.router, pickup.router):
    router.add_router("", part)

__all__ = ["router"]
