"""Rosters that wait for somebody to review them."""

from __future__ import annotations

import json

from lastmetre.ground.places.import_rules import Review, from_plain, review
from lastmetre.ground.places.models import Place, RosterUpload
from lastmetre.ground.places.queries.compounds import terms
from lastmetre.terms import InputError, say


def waiting(place: Place) -> list[RosterUpload]:
    """Return the uploads of a place that are not settled, the latest first."""
    return list(RosterUpload.objects.filter(place=place, settled_at__isnull=True))


def open_review(upload: RosterUpload) -> Review:
    """Compare an upload with the compound as it is now; raises InputError once it is settled."""
    if upload.settled_at or not upload.content:
        raise InputError(
            say("This roster has been taken over or put aside already."),
            remedy=say("Upload it again if something is missing: what is there already stays."),
        )
    return review(from_plain(json.loads(upload.content)), terms(upload.place, people=True))
