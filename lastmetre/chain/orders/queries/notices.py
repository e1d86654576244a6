"""Notices as a household reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from lastmetre.chain.orders.models import Notice
from lastmetre.chain.orders.notice_rules import NOTICE_WORDS, STATES, NoticeKind, said_again
from lastmetre.terms import Sentence

SHOWN_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Told:
    """One notice."""

    title: Sentence
    text: Sentence
    state: str
    at: datetime


def notices_for(path: str, *, at: datetime, most: int = 5) -> list[Told]:
    """Return what is told at a door, the latest first: its own and those of the places above it; one query."""
    rows = (
        Notice.objects.filter(path__above=path, at__gte=at - SHOWN_FOR)
        .filter(Q(until=None) | Q(until__gt=at))
        .order_by("-at", "-id")[:most]
    )
    return [
        Told(
            NOTICE_WORDS[NoticeKind(row.kind)],
            said_again(row.sentence),
            STATES.get(NoticeKind(row.kind), ""),
            row.at,
        )
        for row in rows
    ]
