"""Calls and knocks: what came of them; who needs help becomes a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lastmetre.chain.ledger.actions.cases import CASE
from lastmetre.chain.ledger.models import Case
from lastmetre.chain.ledger.rules import CaseKind
from lastmetre.chain.orders.models import Contact
from lastmetre.chain.orders.rules import ContactOutcome, Permission
from lastmetre.ground.journal.actions import record
from lastmetre.ground.places.models import Household
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.ids import new_id
from lastmetre.ground.protection.responses import response_for
from lastmetre.ground.protection.scope import acting_as

CONTACT = "orders.contact"


def record_contact(
    household: Household,
    outcome: ContactOutcome,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    id: UUID | None = None,
) -> Contact:
    """Record what came of a call or knock; twice with one id is once. Who needs help becomes an open case."""
    by.must(Permission.TAKE, path=household.path)
    with acting_as(SYSTEM):
        if id is not None and (known := Contact.objects.filter(pk=id, household=household).first()):
            return known
        row = Contact(
            id=id or new_id(),
            place_id=household.place_id,
            path=household.path,
            household=household,
            outcome=outcome,
            at=at,
            by=by.key,
        )
        row.save(force_insert=True)
        record("contacted", CONTACT, row.pk, by=by, at=at, path=household.path, outcome=outcome.value)
        if outcome is ContactOutcome.NEEDS_HELP:
            _ask_for_help(household, words, by=by, at=at)
    return row


def _ask_for_help(household: Household, words: str, *, by: Actor, at: datetime) -> None:
    """Open a case that belongs to no round: somebody needs help whether a round is open or not (YC4)."""
    held = Case.objects.filter(household=household, kind=CaseKind.NEEDS_HELP, settled_at__isnull=True)
    if held.exists():
        return
    case = Case(
        response=response_for(household.path),
        place_id=household.place_id,
        path=household.path,
        kind=CaseKind.NEEDS_HELP,
        household=household,
        words=words.strip()[:500],
        opened_at=at,
        opened_by=by.key,
    )
    case.save(force_insert=True)
    record("opened", CASE, case.pk, by=by, at=at, path=household.path, of=CaseKind.NEEDS_HELP.value)
