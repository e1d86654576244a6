"""Writing the journal, and keeping answers: always in the transaction of what they tell of."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lastmetre.ground.journal.models import AnsweredRequest, Entry
from lastmetre.ground.protection.actor import EVERYWHERE, Actor
from lastmetre.ground.protection.keys import keys
from lastmetre.ground.protection.responses import response_for
from lastmetre.terms import InputError, say

REQUESTS_KEPT = timedelta(days=30)


def record(
    verb: str,
    kind: str,
    thing: UUID | None = None,
    *,
    by: Actor,
    at: datetime,
    path: str,
    why: str = "",
    **detail: Any,
) -> Entry:
    """Write one line; `path` is the place's, `detail` must name nobody (JSON values only)."""
    entry = Entry(
        response=response_for(path),
        at=at,
        actor=by.key,
        actor_kind=by.kind,
        device=by.device,
        verb=verb,
        kind=kind,
        thing=thing,
        path=path,
        why=why,
        detail=detail,
    )
    entry.save(force_insert=True)
    return entry


def claim_request(key: str, *, asked: bytes, by: Actor, at: datetime) -> AnsweredRequest:
    """Take a request key, or return it as it was answered; raises InputError where it came with another request.

    Waits while another transaction works on the same key.
    """
    digest = hmac.new(keys().derived("request keys"), asked, hashlib.sha256).digest()
    response = response_for(by.sees[0] if by.sees else EVERYWHERE)
    new = AnsweredRequest(response=response, actor=by.key, key=key, asked=digest, at=at)
    AnsweredRequest.objects.bulk_create([new], ignore_conflicts=True)
    held = AnsweredRequest.objects.get(actor=by.key, key=key)
    if not hmac.compare_digest(bytes(held.asked), digest):
        raise InputError(
            say("This request key was used for another request."),
            remedy=say("Make a new key for each request, and keep it when you send the same one again."),
        )
    return held


def keep_answer(claimed: AnsweredRequest, *, status: int, answer: str) -> None:
    """Keep what a claimed request was answered."""
    claimed.status, claimed.answer = status, answer
    claimed.save(update_fields=["status", "answer"])


def forget_old_requests(*, at: datetime) -> int:
    """Remove the request keys that are past their time; returns how many."""
    removed, _ = AnsweredRequest.objects.filter(at__lt=at - REQUESTS_KEPT).delete()
    return removed
