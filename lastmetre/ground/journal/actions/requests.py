"""Keeping what a request was answered, in the transaction of its effect (trust.md 2)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from lastmetre.ground.journal.models import AnsweredRequest
from lastmetre.ground.protection.actor import EVERYWHERE, Actor
from lastmetre.ground.protection.keys import keys
from lastmetre.ground.protection.responses import response_for
from lastmetre.terms import InputError, say

REQUESTS_KEPT = timedelta(days=30)


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
