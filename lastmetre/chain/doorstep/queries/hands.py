"""Who may go out with a cart: on a shift or with a role here, well, trained and tested (FC8, YX14d)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lastmetre.chain.doorstep.rules import Permission
from lastmetre.ground.people.models import Assignment, Device, Person, ShiftDuty, SquadMember
from lastmetre.ground.people.queries.door import running
from lastmetre.ground.people.queries.duty import readiness_of
from lastmetre.ground.people.queries.staff import masked_phone
from lastmetre.ground.people.rules import Readiness, unfit_because
from lastmetre.papers.masking import masked_name
from lastmetre.terms import InputError, Sentence, say

MOST = 60


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who could take a cart, and why they may not, if so."""

    person: UUID
    name: str
    """Masked."""
    detail: str
    """Squads and the phone's last digits: several people are called Lin."""
    has_page: bool
    """A phone of theirs is signed in: they see their cart at once."""
    is_on_shift: bool
    unfit: Sentence | None


def hands_at(path: str, *, at: datetime, test_hours: int) -> list[Hand]:
    """Return who could take a cart at a place, those on a running shift and fit ones first; seven queries."""
    near = Q(shift__squad__path__within=path) | Q(shift__squad__path__above=path)
    on_shift = set(
        ShiftDuty.objects.filter(
            near, given_up_at=None, shift__cancelled_at=None, shift__starts_at__lte=at, shift__ends_at__gt=at
        ).values_list("person_id", flat=True)
    )
    here = Q(path__within=path) | Q(path=path)
    with_role = Assignment.objects.filter(
        running(at), here, role__permissions__contains=[Permission.DELIVER]
    ).values("person")
    people = list(
        Person.objects.filter(Q(pk__in=on_shift) | Q(pk__in=with_role), left_at=None).order_by("-pk")[:MOST]
    )
    keys = [one.pk for one in people]
    known, squads = readiness_of(keys), _squads_of(keys)
    signed_in = set(
        Device.objects.filter(person__in=keys, revoked_at=None, expires_at__gt=at).values_list(
            "person", flat=True
        )
    )
    hands = [
        Hand(
            one.pk,
            masked_name(one.name or ""),
            " · ".join([*squads[one.pk], *([masked_phone(one.phone)] if one.phone else [])]),
            one.pk in signed_in,
            one.pk in on_shift,
            unfit_because(known[one.pk], at=at, test_hours=test_hours),
        )
        for one in people
    ]
    return sorted(
        hands, key=lambda one: (one.unfit is not None, not one.is_on_shift, not one.has_page, one.name)
    )


def _squads_of(people: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = SquadMember.objects.filter(person__in=people, left_at=None, squad__ended_at=None)
    for person, squad in rows.order_by("squad__name").values_list("person", "squad__name"):
        found[person].append(squad)
    return found


def names_of(keys: Sequence[str]) -> dict[str, str]:
    """Return the masked names of people by their keys; one query."""
    ids = [found for key in keys if (found := person_id(key))]
    return {str(one.pk): masked_name(one.name or "") for one in Person.objects.filter(pk__in=ids)}


def person_id(key: str) -> UUID | None:
    """Return the id of a person's key; None where it is of a household or of the system."""
    try:
        return UUID(key)
    except ValueError:
        return None


def check_may_go(keys: Sequence[str], *, at: datetime, test_hours: int) -> None:
    """Raise InputError for the first who may not work: unwell, untrained, not tested in time (FC8). Within SYSTEM."""
    ids = {key: person_id(key) for key in keys}
    known = readiness_of([one for one in ids.values() if one])
    names = names_of(keys)
    for key in keys:
        person = ids[key]
        ready = known[person] if person and key in names else Readiness()
        if reason := unfit_because(ready, at=at, test_hours=test_hours):
            raise InputError(
                say("{name} cannot take a cart: {reason}", name=names.get(key) or "—", reason=reason),
                remedy=say("Let somebody else go; once that has changed, enter it on their page."),
            )
