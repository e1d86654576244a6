"""A picture is kept small and upright, without what the telephone wrote into it, and sealed."""

from __future__ import annotations

import base64
import io

import pytest
from actors import Town
from PIL import Image

from lastmetre.chain.ledger.actions.photos import MOST_BYTES, SIDE_PX, keep_photo, shrunk
from lastmetre.chain.ledger.models import Photo
from lastmetre.chain.ledger.rules import PhotoKind
from lastmetre.ground.protection.actor import SYSTEM
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import InputError

GPS, ORIENTATION, ON_ITS_SIDE = 0x8825, 0x0112, 6


def picture(width: int = 60, height: int = 40, *, kind: str = "JPEG", **more: object) -> bytes:
    """A picture as a telephone makes it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def huge() -> bytes:
    """A picture of 89 million points in a file that is quickly made: black or white only."""
    out = io.BytesIO()
    Image.new("1", (9_000, 9_900)).save(out, "PNG")
    return out.getvalue()


def test_a_picture_tells_nothing_but_what_it_shows() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = ON_ITS_SIDE
    exif.get_ifd(GPS)[1] = "N"
    taken = picture(3000, 2000, exif=exif)
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(GPS)
    kept = Image.open(io.BytesIO(shrunk(taken)))
    assert not kept.getexif()
    assert kept.size == (SIDE_PX * 2 // 3, SIDE_PX), "upright, and small"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_become_jpeg(kind: str) -> None:
    assert shrunk(picture(kind=kind)).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no picture"),
        (b"\x89PNG\r\n\x1a\n and more", "no picture"),
        (picture()[:-200], "no picture"),
        (picture(kind="GIF"), "no picture"),
        (b"x" * (MOST_BYTES + 1), "too large"),
        (huge(), "too large"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        shrunk(data)


def test_sent_twice_it_is_one(town: Town) -> None:
    one, thing = new_id(), new_id()
    with acting_as(SYSTEM) as now:
        for _ in range(2):
            row = keep_photo(
                picture(),
                kind=PhotoKind.PACKED,
                thing=thing,
                place=town.place["101"],
                by=SYSTEM,
                at=now,
                id=one,
            )
        assert Photo.objects.filter(thing=thing).count() == 1
        assert base64.b64decode(Photo.objects.get(pk=row.pk).image).startswith(b"\xff\xd8\xff")
