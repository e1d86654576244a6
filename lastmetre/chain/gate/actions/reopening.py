"""Released to sorting by a slip: counting goes on, until a bag of it has left the gate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from lastmetre.chain.gate.actions.receiving import ARRIVAL, locked, missing_case
from lastmetre.chain.gate.models import Arrival
from lastmetre.chain.gate.queries.arrivals import not_counted
from lastmetre.chain.gate.rules import Permission, check_can_reopen
from lastmetre.chain.ledger.actions.cases import settle_case
from lastmetre.chain.ledger.actions.posting import check_open
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.rules import AccountKind
from lastmetre.ground.journal.actions import record
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import say


def take_release_back(arrival: Arrival, *, by: Actor, at: datetime) -> Arrival:
    """Let counting go on after a release that was a slip; the cases it opened are settled. Twice is once.

    Raises InputError where a bag of it has left the gate, or the release is over an hour ago.
    """
    by.must(Permission.RECEIVE, path=arrival.path)
    with acting_as(SYSTEM):
        held = locked(arrival)
        if held.finished_at is None:
            return held
        check_open(held.round.book)
        away = held.counted.filter(parcel__ended_at=None).exclude(parcel__account__kind=AccountKind.GATE)
        others = Arrival.objects.filter(round=held.round_id, load=None, finished_at=None)
        check_can_reopen(
            since=at - held.finished_at,
            gone=away.count(),
            is_another_open=held.load_id is None and others.exists(),
        )
        released_at = held.finished_at
        held.finished_at, held.finished_by = None, ""
        held.save(update_fields=["finished_at", "finished_by"])
        _settle([missing_case(bag.pk) for bag in not_counted(held)], opened_at=released_at, at=at)
        record("took back", ARRIVAL, held.pk, by=by, at=at, path=held.path)
    return held


def _settle(cases: list[UUID], *, opened_at: datetime, at: datetime) -> None:
    """Settle what the release itself had opened: a bag that was reported missing before stays so."""
    words = say("The release was taken back: counting goes on.").text(gettext)
    for case in Case.objects.filter(pk__in=cases, opened_at=opened_at, settled_at=None):
        settle_case(case, outcome=words, by=SYSTEM, at=at)
