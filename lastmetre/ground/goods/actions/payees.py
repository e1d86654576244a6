"""Whom residents pay: proposed by one person, put in force by another (trust.md: swapped payment codes)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lastmetre.ground.goods.actions.refusals import said_plainly
from lastmetre.ground.goods.actions.writing import note
from lastmetre.ground.goods.models import Payee, Supplier
from lastmetre.ground.goods.rules import PayeeState, Permission, check_approver, check_move
from lastmetre.ground.protection.actor import Actor
from lastmetre.ground.protection.responses import standing_response
from lastmetre.terms import InputError, say


@transaction.atomic
def propose_payee(supplier: Supplier, *, name: str, code: str, by: Actor, at: datetime) -> Payee:
    """Propose whom residents pay; nothing changes until a second person approves."""
    by.must(Permission.PAYEE_PROPOSE, path=supplier.path, organisation=supplier.pk)
    if not name.strip() or not code.strip():
        raise InputError(
            say("A payee needs a name and the text of its collection code."), remedy=say("Fill in both.")
        )
    payee = Payee(
        supplier=supplier,
        response=standing_response(at),
        name=name.strip(),
        code=code.strip(),
        proposed_by=by.key,
        proposed_at=at,
    )
    with said_plainly():
        payee.save(force_insert=True)
    note("propose", "payee", [payee.pk], by=by, at=at, paths=[supplier.path], supplier=str(supplier.pk))
    return payee


@transaction.atomic
def approve_payee(payee: Payee, *, by: Actor, at: datetime) -> Payee:
    """Put a proposed payee in force in place of the one before; raises InputError for its proposer."""
    payee = _locked(payee, by, PayeeState.IN_FORCE)
    check_approver(payee.proposed_by, by.key)
    before = Payee.objects.filter(supplier=payee.supplier_id, state=PayeeState.IN_FORCE)
    before.update(state=PayeeState.REPLACED)
    return _decided(payee, PayeeState.IN_FORCE, "approve", by=by, at=at)


@transaction.atomic
def refuse_payee(payee: Payee, *, why: str, by: Actor, at: datetime) -> Payee:
    """Refuse a proposed payee; the one before stays."""
    payee = _locked(payee, by, PayeeState.REFUSED)
    check_approver(payee.proposed_by, by.key)
    return _decided(payee, PayeeState.REFUSED, "refuse", by=by, at=at, why=why)


def _locked(payee: Payee, by: Actor, then: PayeeState) -> Payee:
    payee = Payee.objects.select_for_update(of=("self",)).select_related("supplier").get(pk=payee.pk)
    by.must(Permission.PAYEE_APPROVE, path=payee.supplier.path)
    check_move(PayeeState(payee.state), then)
    return payee


def _decided(payee: Payee, state: PayeeState, verb: str, *, by: Actor, at: datetime, why: str = "") -> Payee:
    payee.state, payee.decided_by, payee.decided_at = state, by.key, at
    payee.save(update_fields=["state", "decided_by", "decided_at"])
    supplier = payee.supplier
    note(verb, "payee", [payee.pk], by=by, at=at, paths=[supplier.path], supplier=str(supplier.pk), why=why)
    return payee
