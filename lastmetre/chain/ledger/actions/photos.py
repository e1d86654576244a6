"""Pictures: made small, without the place and phone they were taken with, and sealed like a name."""

from __future__ import annotations

import base64
import binascii
import io
from datetime import datetime
from uuid import UUID

from PIL import Image, ImageOps

from lastmetre.chain.ledger.models import Photo
from lastmetre.chain.ledger.rules import PhotoKind
from lastmetre.ground.places.models import Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError, Sentence, say

MOST_BYTES = 15_000_000
MOST_PIXELS = 80_000_000
"""More is no telephone's picture: it would fill the memory when it is opened."""
SIDE_PX, QUALITY = 1280, 78
"""What is kept: a label can be read in it, and it weighs some 150 KB."""
FORMATS = ("JPEG", "PNG", "WEBP")


def keep_photo(
    data: bytes,
    *,
    kind: PhotoKind,
    thing: UUID,
    place: Place,
    by: Actor,
    at: datetime,
    supplier: UUID | None = None,
    id: UUID | None = None,
) -> Photo:
    """Keep a picture of a thing, seen by who sees `place` and by `supplier`'s people; twice with one id is one.

    The caller has checked what the actor may do. Raises InputError for what is no picture, or too large.
    """
    with acting_as(SYSTEM):
        if id is not None and (known := Photo.objects.filter(pk=id).first()):
            return known
        row = Photo(
            id=id or new_id(),
            response=response_for(place.path),
            place=place,
            path=place.path,
            kind=kind,
            thing=thing,
            image=base64.b64encode(shrunk(data)).decode(),
            taken_at=at,
            taken_by=by.key,
            supplier_id=supplier,
        )
        row.save(force_insert=True)
    return row


def shrunk(data: bytes) -> bytes:
    """Return a picture as a small JPEG, upright, without what the telephone wrote into it (EXIF)."""
    if len(data) > MOST_BYTES:
        raise InputError(say("The picture is too large."), remedy=say("Take it again, 15 MB at most."))
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise InputError(say("The picture is too large."), remedy=say("Take it again, smaller."))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except InputError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(
            say("This is no picture."), remedy=say("Take it with the camera, or send a JPEG.")
        ) from error
    picture.thumbnail((SIDE_PX, SIDE_PX))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def file_bytes(text: str) -> bytes:
    """Return any file from base64; raises InputError for other text."""
    return _decoded(text, say("This is no file in base64."), say("Send the bytes of the file in base64."))


def picture_bytes(text: str) -> bytes:
    """Return a picture from base64; raises InputError for other text."""
    return _decoded(text, say("This is no picture."), say("Take it with the camera, or send a JPEG."))


def _decoded(text: str, what: Sentence, remedy: Sentence) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(what, remedy=remedy) from error
