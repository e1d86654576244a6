"""What notices there are and how they go out. Pure, no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

from lastmetre.terms import Sentence, say


class NoticeKind(StrEnum):
    """What a household is told."""

    OPENED = "opened"
    """A round is open."""
    SHARED = "shared"
    """What it gets, and why."""
    PAY = "pay"
    UNPAID = "unpaid"
    """Its bag has left the batch (FC2d)."""
    FAILED = "failed"
    """The supplier or the round failed."""
    FETCH = "fetch"
    """Come to the point (FC2f)."""
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    REFUNDED = "refunded"
    OTHER = "other"


NOTICE_WORDS: dict[NoticeKind, Sentence] = {
    NoticeKind.OPENED: say("A round is open"),
    NoticeKind.SHARED: say("What you get"),
    NoticeKind.PAY: say("To pay"),
    NoticeKind.UNPAID: say("Not paid in time"),
    NoticeKind.FAILED: say("It will not come"),
    NoticeKind.FETCH: say("Come and fetch"),
    NoticeKind.DELIVERED: say("Delivered"),
    NoticeKind.NOT_DELIVERED: say("Not delivered"),
    NoticeKind.REFUNDED: say("Money back"),
    NoticeKind.OTHER: say("Notice"),
}
STATES: dict[NoticeKind, str] = {
    NoticeKind.PAY: "act",
    NoticeKind.UNPAID: "act",
    NoticeKind.FAILED: "act",
    NoticeKind.FETCH: "act",
    NoticeKind.NOT_DELIVERED: "act",
    NoticeKind.DELIVERED: "good",
}
"""How a notice is marked; the others only inform."""


def kept(sentence: Sentence) -> dict[str, object]:
    """Return a sentence as plain data; sentences within it too. Raises TypeError for values that are neither text nor numbers."""
    values = {key: kept(value) if isinstance(value, Sentence) else value for key, value in sentence.values}
    json.dumps(values)
    return {"template": sentence.template, "values": values}


def said_again(data: Mapping[str, object]) -> Sentence:
    """Return the sentence that was kept, to be said in any language."""
    values = data["values"]
    assert isinstance(values, dict)
    return Sentence(
        str(data["template"]),
        tuple(
            (key, said_again(value) if isinstance(value, dict) else value) for key, value in values.items()
        ),
    )
