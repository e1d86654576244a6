"""Telling households: written down for their page at once, sent by carriers afterwards."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext

from lastmetre.chain.orders.carriers import Carrier, Letter, carriers
from lastmetre.chain.orders.models import Notice, Round, Sending
from lastmetre.chain.orders.notice_rules import NoticeKind, kept, said_again
from lastmetre.ground.places.models import Household, Place
from lastmetre.ground.protection.actor import SYSTEM, Actor
from lastmetre.ground.protection.scope import acting_as
from lastmetre.terms import Sentence

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 10
BATCH = 200


def notify(
    kind: NoticeKind,
    *,
    sentence: Sentence,
    places: Sequence[Place],
    by: Actor,
    at: datetime,
    row: Round | None = None,
    until: datetime | None = None,
) -> None:
    """Tell the households at these doors (or of these places) something; its values name nobody.

    The caller has checked what the actor may do, and leaves the journal's line of what the notice is about.
    """
    with acting_as(SYSTEM):
        notices = [
            Notice(
                round=row,
                place=place,
                kind=kind,
                sentence=kept(sentence),
                at=at,
                by=by.key,
                until=until,
            )
            for place in places
        ]
        Notice.objects.bulk_create(notices)
        Sending.objects.bulk_create(
            [Sending(notice=notice, carrier=one.name) for notice in notices for one in carriers()]
        )


def send_waiting(*, at: datetime) -> int:
    """Hand what waits to the carriers, a batch at a time; returns how many went out.

    A letter is marked after it went: a crash between sends it again under the same key.
    """
    by_name = {one.name: one for one in carriers()}
    with acting_as(SYSTEM):
        waiting = list(
            Sending.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("notice")
            .filter(sent_at=None, attempts__lt=MOST_ATTEMPTS, carrier__in=by_name)
            .order_by("id")[:BATCH]
        )
        done = [one for one in waiting if _send(one, by_name[one.carrier])]
        for one in waiting:
            one.attempts += 1
        for one in done:
            one.sent_at = at
        Sending.objects.bulk_update(waiting, ["attempts", "sent_at"])
    return len(done)


def _send(sending: Sending, carrier: Carrier) -> bool:
    notice = sending.notice
    text = said_again(notice.sentence).text(gettext)
    homes = Household.objects.filter(path__within=notice.path, place__ended_at=None)
    try:
        for home in homes:
            if home.phone:
                carrier.send(Letter(f"{sending.pk}-{home.pk}", home.phone, text))
    except Exception:  # whatever a carrier of somebody else's raises must not keep the others waiting
        log.warning("notice %s was not sent by %s", notice.pk, carrier.name, exc_info=True)
        return False
    return True
