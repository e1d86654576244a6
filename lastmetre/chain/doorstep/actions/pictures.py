"""A picture of the bag at its door, where the wave asks for one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from lastmetre.chain.doorstep.models import DoorEvent
from lastmetre.chain.ledger.actions.photos import keep_photo
from lastmetre.chain.ledger.rules import PhotoKind
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say


def keep_door_photo(event: UUID, image: bytes, *, by: Actor, at: datetime) -> None:
    """Keep the picture of one's own event, one an event. Raises InputError for no picture, or no event."""
    with acting_as(SYSTEM):
        row = DoorEvent.objects.select_related("place").filter(pk=event, by=by.key).first()
        if row is None:
            raise InputError(
                say("The door that this picture belongs to is not known yet."),
                remedy=say("Send the scan first, then the picture."),
            )
        key = uuid5(row.pk, "photo")
        keep_photo(image, kind=PhotoKind.DOOR, thing=row.pk, place=row.place, by=by, at=at, id=key)
