"""The only writer of the journal."""

from lastmetre.ground.journal.actions.entries import Told, record, record_many, reveal
from lastmetre.ground.journal.actions.requests import claim_request, forget_old_requests, keep_answer
from lastmetre.ground.journal.actions.sealing import accept_break, seal

__all__ = [
    "Told",
    "accept_break",
    "claim_request",
    "forget_old_requests",
    "keep_answer",
    "record",
    "record_many",
    "reveal",
    "seal",
]
