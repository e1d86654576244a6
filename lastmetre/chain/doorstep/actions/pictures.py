"""A picture of the bag at its door, where the wave asks for one: sealed like a name."""

from __future__ import annotations

import base64
from datetime import datetime
from uuid import UUID, uuid5

from lastmetre.chain.doorstep.models import DoorEvent
from lastmetre.chain.ledger.models import Photo
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, say

MOST_BYTES = 1_000_000
SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")


def keep_door_photo(event: UUID, image: bytes, *, by: Actor, at: datetime) -> None:
    """Keep the picture of one's own event; the same picture sent again is one. Raises InputError for no picture."""
    if not image.startswith(SIGNS) or len(image) > MOST_BYTES:
        raise InputError(
            say("This is no picture, or it is too large."),
            remedy=say("Take it again; up to one megabyte, as PNG or JPEG."),
        )
    with acting_as(SYSTEM):
        row = DoorEvent.objects.filter(pk=event, by=by.key).first()
        if row is None:
            raise InputError(
                say("The door that this picture belongs to is not known yet."),
                remedy=say("Send the scan first, then the picture."),
            )
        kept = base64.b64encode(image).decode()
        key = uuid5(event, kept)
        if Photo.objects.filter(pk=key).exists():
            return
        Photo(
            id=key,
            response=response_for(row.path),
            place_id=row.place_id,
            path=row.path,
            kind="door",
            thing=row.pk,
            image=kept,
            taken_at=row.device_at,
            taken_by=by.key,
        ).save(force_insert=True)
