"""Rosters that wait for somebody to review them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from lastmetre.ground.places.import_rules import Review, from_plain, review
from lastmetre.ground.places.layout_rules import Detail, layout_from_plain, new_details
from lastmetre.ground.places.models import Place, RosterUpload
from lastmetre.ground.places.queries.compounds import terms
from lastmetre.terms import InputError, say


def waiting(place: Place) -> list[RosterUpload]:
    """Return the uploads of a place that are not settled, the latest first."""
    return list(RosterUpload.objects.filter(place=place, settled_at__isnull=True))


@dataclass(frozen=True, slots=True)
class WholeReview:
    """What an upload would change: households and, where it is a compound file, facts of the compound."""

    roster: Review
    details: tuple[Detail, ...]

    @property
    def digest(self) -> str:
        """Hash of all of it: who confirms, confirms exactly this."""
        return hashlib.sha256(f"{self.roster.digest}{self.details}".encode()).hexdigest()[:32]

    @property
    def has_effect(self) -> bool:
        """Whether taking it over changes anything."""
        return self.roster.has_effect or bool(self.details)


def open_review(upload: RosterUpload) -> WholeReview:
    """Compare an upload with the compound as it is now; raises InputError once it is settled."""
    if upload.settled_at or not upload.content:
        raise InputError(
            say("This roster has been taken over or put aside already."),
            remedy=say("Upload it again if something is missing: what is there already stays."),
        )
    plain = json.loads(upload.content)
    known = terms(upload.place, people=True)
    file = from_plain(plain)
    layout = layout_from_plain(plain["layout"]) if "layout" in plain else None
    details = tuple(new_details(layout, known)) if layout else ()
    return WholeReview(review(file, known, stairs=layout.buildings if layout else ()), details)
