"""Answers a sealed picture as the file that it is; who calls has checked who may see it."""

from __future__ import annotations

import base64

from django.http import Http404, HttpResponse

from lastmetre.chain.ledger.models import Photo

_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def picture(row: Photo) -> HttpResponse:
    """Return the picture; raises Http404 where it was erased or is none."""
    try:
        data = base64.b64decode(row.image or "", validate=True)
    except ValueError as error:
        raise Http404 from error
    mime = next((mime for sign, mime in _TYPES.items() if data.startswith(sign)), "")
    if not mime:
        raise Http404
    answer = HttpResponse(data, content_type=mime)
    answer["Cache-Control"] = "private, max-age=600"
    return answer
